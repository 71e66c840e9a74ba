"""What the import contracts cannot say: bot needs the standard library alone, Markdown no regular expressions."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DRAW_MARKDOWN = (
    "adapters/markdown.py",
    "adapters/slack/mrkdwn.py",
    "adapters/teams/text.py",
    "adapters/web/render.py",
)


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


def test_what_draws_markdown_walks_its_tree_and_uses_no_regular_expressions() -> None:
    """They would find marks inside of code, links and words that somebody typed."""
    used = [f"{file}: {name}" for file in DRAW_MARKDOWN for name in imported(ROOT / file) if name in ("re", "regex")]
    assert used == []
    assert [file for file in DRAW_MARKDOWN[1:] if "markdown" not in submodules(ROOT / file)] == []


def submodules(path: Path) -> set[str]:
    """The last parts of the modules it imports from."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {str(node.module).rpartition(".")[2] for node in nodes if isinstance(node, ast.ImportFrom)}


def test_every_folder_of_adapters_is_a_stranger_to_the_others() -> None:
    """One that the layers do not name could import any other, and no contract would say so."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (strangers,) = (contract for contract in contracts if contract["id"] == "adapters-are-strangers")
    named = " ".join(strangers["layers"])
    here = [path for path in (ROOT / "adapters").iterdir() if path.name not in ("__init__.py", "__pycache__")]
    modules = {path.stem for path in here if path.is_dir() or path.suffix == ".py"}
    assert {name for name in modules if f"({name})" not in named} == {"logs"}
