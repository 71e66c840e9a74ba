"""dev.py, the one way in: what an old Python, a wrong task and a failing check are told."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "dev.py"
NOTES = '#!/bin/sh\necho "$(basename "$0") $*" >> "$(dirname "$0")/calls"\nexit {code}\n'
PRETEND = "import runpy, sys; sys.version_info, sys.version = (3, 9, 18), '3.9.18 (old)'; runpy.run_path({!r})"


def test_an_old_python_is_refused_in_one_sentence() -> None:
    told = subprocess.run([sys.executable, "-c", PRETEND.format(str(DEV))], capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr == "Upstander needs Python 3.11 or newer; this is Python 3.9.18.\n"


def test_an_old_python_can_read_the_file() -> None:
    tree = ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 5))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)] == []


def test_only_the_standard_library_is_needed() -> None:
    tree = ast.parse(DEV.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_an_unknown_task_is_answered_with_the_tasks() -> None:
    with pytest.raises(SystemExit, match=r"demo\|test\|check\|setup"):
        dev.main("dance")


def test_every_task_has_a_lock_file() -> None:
    assert [task for task, (lock, _) in dev.TASKS.items() if not (ROOT / lock).is_file()] == []


def test_the_exit_code_of_a_command_is_passed_on() -> None:
    assert dev.run(sys.executable, "-c", "raise SystemExit(7)") == 7


def calls(folder: Path, task: str, *extra: str, uv: int | None = 0) -> list[str]:
    """What dev.py starts, among programs that only note their calls. uv: its exit code; None: it is not there."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("dev.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        shutil.copy(ROOT / name, folder)
    for name, code in (("python", 0), ("uv", uv)):
        if code is not None:
            (programs / name).write_text(NOTES.format(code=code))
            (programs / name).chmod(0o755)
    told = subprocess.run(
        (sys.executable, str(folder / "dev.py"), task, *extra),
        env={**os.environ, "PATH": os.pathsep.join(p for p in ("/usr/bin", "/bin") if not Path(p, "uv").exists())},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return (programs / "calls").read_text().splitlines()


RUNS = {
    "demo": ["python -m bot demo --fresh"],
    "test": ["python -m pytest -q --fresh"],
    "check": [
        "python -m ruff format --check",
        "python -m ruff check",
        "python -m mypy",
        "python -c from importlinter.cli import lint_imports_command as lint; lint()",
        "python -m bot lint",
        "python -m pytest -q --fresh",
    ],
    "setup": [],
}


@pytest.mark.skipif(os.name == "nt", reason="its stand-ins are shell scripts")
@pytest.mark.parametrize("task", dev.TASKS)
def test_every_task_runs_what_the_readme_says_after_its_packages_are_there(task: str, tmp_path: Path) -> None:
    installed, *commands = calls(tmp_path, task, "--fresh")
    assert installed.startswith("uv pip install ")
    assert commands == RUNS[task]


@pytest.mark.skipif(os.name == "nt", reason="its stand-ins are shell scripts")
@pytest.mark.parametrize(("uv", "installers"), [(0, ["uv"]), (1, ["uv", "python"]), (None, ["python", "python"])])
def test_nothing_is_installed_without_its_hash(uv: int | None, installers: list[str], tmp_path: Path) -> None:
    made = calls(tmp_path, "setup", uv=uv)
    assert [call.split()[0] for call in made] == installers
    assert [call for call in made if " install -q --require-hashes -r requirements" not in call] == []


def test_types_are_checked_strictly() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["strict"] is True
