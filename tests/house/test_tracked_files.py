"""The repository works anywhere and for anyone: no registry's address, no path of one machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Written in pieces, so that this file does not name what it forbids.
REGISTRY = re.compile(
    "|".join((r"(files\.)?python" "hosted", r"pypi\.(python\.)?" "org", r"registry\.(npm" "js|yarn" "pkg)"))
)
MACHINE = re.compile(r"(?<![\w.])/(work/(main|shared)|root/|home/\w+/|Users/\w+/)|[A-Z]:\\+Users\\")


def lines_matching(pattern: re.Pattern[str], path: Path) -> list[str]:
    """As ``file:line``; nothing for a file that is not text."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """All that git tracks or would track."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files belong to the project")
    listed = subprocess.run(
        [shutil.which("git") or "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_package_registry(files: list[Path]) -> None:
    assert [hit for path in files for hit in lines_matching(REGISTRY, path)] == []


def test_no_file_names_a_path_of_one_machine(files: list[Path]) -> None:
    assert [hit for path in files for hit in lines_matching(MACHINE, path)] == []


@pytest.mark.parametrize("host", ["files.python" + "hosted.org", "pypi" + ".org/simple", "registry.npm" + "js.org"])
def test_a_registry_is_recognised(host: str) -> None:
    assert REGISTRY.search(f"https://{host}/x")


@pytest.mark.parametrize("path", ["/ho" + "me/ada/upstander", "/ro" + "ot/x", "C:\\" + "Users\\ada"])
def test_a_machine_path_is_recognised(path: str) -> None:
    assert MACHINE.search(f'at "{path}"')


def test_no_lock_file_that_carries_addresses_is_tracked(files: list[Path]) -> None:
    assert [path.name for path in files if path.name in ("uv.lock", "pylock.toml")] == []
