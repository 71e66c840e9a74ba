"""Whatever somebody saves, the loader answers with content or with Broken, never with anything else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.content import Broken, load
from tests.content.shelf import FILES, shelf

SNIPPETS = [
    "---\n", "\n", ": ", "- ", "[", "]", "{", "}", "|", ">-", "&a ", "*a", "<<: ", "!!python/object ", '"\\U99999999"',
    "0x", "1e999", "9" * 5000, "\t", "\x85", "\u2028", "\x00", "\ufeff", "%YAML 9.9\n", "## ", "# ", "![", "](", "<b>",
    "|---|\n", "    ", "```\n", "* * *\n", "? ", "null", "~", "2026-13-40", "1:60:60", "{a}", "{", "}}", "{a!r}", "''",
]  # fmt: skip


def survives(root: Path) -> None:
    try:
        load(root)
    except Broken as refused:
        assert refused.problems
        assert all(problem.line >= 1 and problem.what for problem in refused.problems)


@st.composite
def spoiled(draw: st.DrawFn, text: str) -> str:
    """``text`` with some of its parts cut out, moved, or replaced by what YAML and Markdown find special."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + draw(st.sampled_from(SNIPPETS) | st.text(max_size=8)) + text[end:]
    return text


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"banned.yaml"}))
def test_a_spoiled_file_is_refused_or_read(name: str) -> None:
    @settings(max_examples=60)
    @given(spoiled(FILES[name]))
    def spoil(text: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = shelf(Path(folder))
            (root / name).write_bytes(text.encode("utf-8", "surrogatepass"))
            survives(root)

    spoil()


@settings(max_examples=80)
@given(st.sampled_from(sorted(FILES.keys() - {"banned.yaml"})), st.binary(max_size=200))
def test_bytes_that_are_no_text_are_refused(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = shelf(Path(folder))
        (root / name).write_bytes(content)
        survives(root)


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"banned.yaml"}))
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_without_end_is_refused(tmp_path: Path, name: str, opening: str) -> None:
    head = "---\n" if name.endswith(".md") else ""
    with pytest.raises(Broken):
        load(shelf(tmp_path, **{name: f"{head}x: {opening * 5000}"}))


@pytest.mark.parametrize("opening", ["> ", "- ", "*", "[", "1. ", "_a "])
def test_markdown_without_end_is_refused_or_read(tmp_path: Path, opening: str) -> None:
    name = "guide/jokes.md"
    survives(shelf(tmp_path, **{name: FILES[name] + opening * 3000 + "x\n"}))
