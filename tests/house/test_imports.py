"""What the import contracts cannot say without naming every package: bot needs the standard library alone."""

import ast
import sys
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
