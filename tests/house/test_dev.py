"""dev.py, the one way in: what an old Python, a wrong task and a failing check are told."""

import ast
import subprocess
import sys
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
    assert names <= sys.stdlib_module_names


def test_an_unknown_task_is_answered_with_the_tasks() -> None:
    with pytest.raises(SystemExit, match=r"demo\|test\|check\|setup"):
        dev.main("dance")


def test_every_task_has_a_lock_file() -> None:
    assert [task for task, (lock, _) in dev.TASKS.items() if not (ROOT / lock).is_file()] == []


def test_the_exit_code_of_a_command_is_passed_on() -> None:
    assert dev.run(sys.executable, "-c", "raise SystemExit(7)") == 7
