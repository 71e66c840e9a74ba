"""What was built from npm packages is what those packages still give, and the manifest check really checks."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.peers.loopback import HERE, node, why_absent

pytestmark = pytest.mark.peer

BUNDLES = HERE.parents[1] / "adapters" / "web" / "bundles"
SECONDS = 120
APP = "00000000-0000-0000-0000-000000000001"
SITE = "https://harbour.example"
MANIFEST: dict[str, Any] = {
    "$schema": "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json",
    "manifestVersion": "1.29",
    "version": "1.0.0",
    "id": APP,
    "developer": {"name": "Harbour", "websiteUrl": SITE, "privacyUrl": SITE, "termsOfUseUrl": SITE},
    "icons": {"color": "color.png", "outline": "outline.png"},
    "name": {"short": "Upstander", "full": "Upstander"},
    "description": {"short": "Lessons", "full": "Lessons, questions and reports"},
    "accentColor": "#FFFFFF",
    "bots": [{"botId": APP, "scopes": ["personal"]}],
}


def ran(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if reason := why_absent("ajv"):
        pytest.skip(reason)
    command = [node() or "node", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)


def test_the_schemas_are_what_the_pinned_packages_give() -> None:
    checked = ran(HERE, "schema/generate.mjs", "--check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_previews_are_what_their_sources_give() -> None:
    if not (BUNDLES / "node_modules").exists():
        pytest.skip("preview packages not installed: run `npm ci --prefix adapters/web/bundles`")
    checked = ran(BUNDLES, "build.mjs", "--check")
    assert (checked.returncode, checked.stderr) == (0, "")


def checked_manifest(folder: Path, **changes: object) -> subprocess.CompletedProcess[str]:
    path = folder / "manifest.json"
    path.write_text(json.dumps(MANIFEST | changes), encoding="utf-8")
    return ran(HERE, "app_manifest.mjs", str(path))


def test_a_sound_teams_manifest_passes(tmp_path: Path) -> None:
    checked = checked_manifest(tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_teams_manifest_microsoft_would_refuse_is_named(tmp_path: Path) -> None:
    checked = checked_manifest(tmp_path, bots=[{"botId": APP, "scopes": ["everybody"]}], name={"short": "x" * 31})
    assert checked.returncode == 1
    assert "/bots/0/scopes/0" in checked.stderr
    assert "/name/short: must NOT have more than 30 characters" in checked.stderr


def test_a_manifest_of_an_unknown_version_is_refused(tmp_path: Path) -> None:
    checked = checked_manifest(tmp_path, manifestVersion="9.9")
    assert checked.returncode == 1
    assert "manifest.json" in checked.stderr
