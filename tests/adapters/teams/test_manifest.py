"""What Teams is told about the app is true, and small enough for Microsoft's own schema."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.teams.manifest.icons import COLOUR, OUTLINE, coloured, outlined, png
from adapters.teams.manifest.package import HERE, ICONS, manifest, package
from tests.adapters.teams.desk import APP_ID
from tests.peers.loopback import HERE as PEERS
from tests.peers.loopback import node, why_absent

ROOT = Path(__file__).resolve().parents[3]
WORDS = ("lesson", "ask", "report", "progress", "settings", "help")


def template() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    return read


def commands() -> list[str]:
    (commands,) = template()["bots"][0]["commandLists"]
    return [command["title"] for command in commands["commands"]]


def test_the_commands_are_the_words_that_people_type() -> None:
    assert tuple(commands()) == WORDS


@pytest.mark.parametrize("path", sorted((ROOT / "lessons/phrases").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_language_knows_every_command(path: Path) -> None:
    words = yaml.safe_load(path.read_text(encoding="utf-8"))["words"]
    assert [command for command in commands() if command not in words.get(command, ())] == []


def test_it_asks_for_nothing_and_lives_in_private_chats_alone() -> None:
    said = template()
    assert [bot["scopes"] for bot in said["bots"]] == [["personal"]]
    assert not {"permissions", "devicePermissions", "authorization", "webApplicationInfo"} & set(said)
    assert (said["validDomains"], said["bots"][0]["supportsFiles"]) == ([], False)


@pytest.mark.parametrize("banned", ["anonymous", "100%", "guarantee"])
def test_it_promises_nothing_that_teams_cannot_keep(banned: str) -> None:
    assert banned not in json.dumps(template()).lower()


def test_the_package_holds_the_manifest_filled_in_and_both_icons() -> None:
    packed = zipfile.ZipFile(
        io.BytesIO(package(APP_ID, "Harbour Freight and Ferries of the Northern Sea", "https://h.example"))
    )
    assert sorted(packed.namelist()) == ["color.png", "manifest.json", "outline.png"]
    said = json.loads(packed.read("manifest.json"))
    assert (said["id"], said["bots"][0]["botId"]) == (APP_ID, APP_ID)
    assert said["developer"]["name"] == "Harbour Freight and Ferries of t"
    assert "upstander.example" not in json.dumps(said)


def test_the_icons_are_the_ones_the_manifest_names_in_the_sizes_teams_wants() -> None:
    assert sorted(template()["icons"].values()) == sorted(ICONS)
    sides = {name: struct.unpack(">II", (HERE / name).read_bytes()[16:24]) for name in ICONS}
    assert (
        sides
        == {"color.png": (COLOUR, COLOUR), "outline.png": (OUTLINE, OUTLINE)}
        == {
            "color.png": (192, 192),
            "outline.png": (32, 32),
        }
    )


def pixels(file: bytes) -> bytes:
    """Our icons hold one block of them; compressed, they may differ from one zlib to the next."""
    start = file.index(b"IDAT") + 4
    return zlib.decompress(file[start : file.rindex(b"IEND") - 8])


def test_the_icons_are_what_the_lines_beside_them_draw() -> None:
    assert pixels((HERE / "color.png").read_bytes()) == pixels(png(COLOUR, coloured))
    assert pixels((HERE / "outline.png").read_bytes()) == pixels(png(OUTLINE, outlined))


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    command = [node() or "node", str(PEERS / "app_manifest.mjs"), str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.peer
def test_microsofts_own_schema_accepts_the_manifest(tmp_path: Path) -> None:
    if reason := why_absent("@microsoft/app-manifest"):
        pytest.skip(reason)
    filled = tmp_path / "manifest.json"
    filled.write_text(json.dumps(manifest(APP_ID, "Harbour", "https://h.example")))
    for path in (filled, HERE / "manifest.json"):
        found = checked(path)
        assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.peer
def test_microsofts_own_schema_notices_a_wrong_manifest(tmp_path: Path) -> None:
    if reason := why_absent("@microsoft/app-manifest"):
        pytest.skip(reason)
    wrong = tmp_path / "manifest.json"
    wrong.write_text(json.dumps({**template(), "id": "no-guid"}))
    assert checked(wrong).returncode == 1
