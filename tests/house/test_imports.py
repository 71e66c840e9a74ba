"""What the import contracts cannot say without naming every package: bot needs the standard library alone."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def imported(path: Path) -> Iterator[str]:
    """Top-level packages, also those imported inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_bot_imports_the_standard_library_and_itself_alone() -> None:
    allowed = sys.stdlib_module_names | {"bot"}
    files = [path for path in (ROOT / "bot").rglob("*.py") if path != ROOT / "bot/__main__.py"]
    assert files
    assert [
        f"{path.relative_to(ROOT)}: {name}" for path in files for name in imported(path) if name not in allowed
    ] == []


def test_every_folder_of_adapters_is_a_stranger_to_the_others() -> None:
    """One that the layers do not name could import any other, and no contract would say so."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (strangers,) = (contract for contract in contracts if contract["id"] == "adapters-are-strangers")
    named = " ".join(strangers["layers"])
    here = [path for path in (ROOT / "adapters").iterdir() if path.name not in ("__init__.py", "__pycache__")]
    modules = {path.stem for path in here if path.is_dir() or path.suffix == ".py"}
    assert {name for name in modules if f"({name})" not in named} == {"logs"}
