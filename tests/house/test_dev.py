"""dev.py, the one way in: what an old Python, a wrong task and a failing check are told."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "dev.py"
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
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_unknown_task_is_answered_with_the_tasks() -> None:
    with pytest.raises(SystemExit, match=r"demo\|test\|check\|setup"):
        dev.main("dance")


def test_every_task_has_a_lock_file() -> None:
    assert [task for task, (lock, _) in dev.TASKS.items() if not (ROOT / lock).is_file()] == []


def test_the_exit_code_of_a_command_is_passed_on() -> None:
    assert dev.run(sys.executable, "-c", "raise SystemExit(7)") == 7


class Machine:
    """Where .venv is there, with a uv that ends with an exit code, or without one; programs only note their calls."""

    def __init__(self, venv: Path) -> None:
        self.venv = venv
        self.codes: dict[str, int] = {}
        self.made: list[str] = []
        self.has("python", 0)

    def has(self, name: str, code: int) -> None:
        file = Path(dev.program(self.venv, name))
        file.parent.mkdir(exist_ok=True)
        file.touch(0o755)
        self.codes[file.stem] = code

    def do(self, *task: str) -> int:
        return dev.main(*task, venv=self.venv, run=self.run)

    def run(self, *command: str) -> int:
        name = Path(command[0]).stem
        self.made.append(" ".join((name, *command[1:])))
        return self.codes[name]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("PATH", "")  # this machine's own uv is none of it
    return Machine(tmp_path)


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


@pytest.mark.parametrize("task", dev.TASKS)
def test_every_task_runs_what_the_readme_says_after_its_packages_are_there(task: str, machine: Machine) -> None:
    machine.has("uv", 0)
    assert machine.do(task, "--fresh") == 0
    installed, *commands = machine.made
    assert installed.startswith("uv pip install ")
    assert commands == RUNS[task]


@pytest.mark.parametrize(("uv", "installers"), [(0, ["uv"]), (1, ["uv", "python"]), (None, ["python", "python"])])
def test_nothing_is_installed_without_its_hash(uv: int | None, installers: list[str], machine: Machine) -> None:
    if uv is not None:
        machine.has("uv", uv)
    assert machine.do("setup") == 0
    assert [call.split()[0] for call in machine.made] == installers
    assert [call for call in machine.made if " install -q --require-hashes -r requirements" not in call] == []


def test_types_are_checked_strictly() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["strict"] is True
