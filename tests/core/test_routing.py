"""Every button and form that a dialogue shows has a dialogue that takes it."""

from __future__ import annotations

import ast
from pathlib import Path

import bot.dialogues
from bot.routing import BY_NAME, DIALOGUES

FOLDER = Path(bot.dialogues.__file__).parent


def strings(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def offered() -> set[str]:
    """Actions and forms named when a Button, Form or Wake is made."""
    found = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"Button", "Form", "Wake"}
            ):
                words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                found |= {w for w in words if w.count(".") == 1 and w.replace(".", "").replace("_", "").isalpha()}
    return found


def test_every_file_of_the_folder_is_a_dialogue_that_is_routed() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert files == set(BY_NAME)


def test_what_a_button_or_form_names_is_handled_by_its_dialogue() -> None:
    shown = offered()
    assert len(shown) > 25
    unhandled = {
        action
        for action in shown
        if action.split(".")[0] not in BY_NAME or action not in strings(FOLDER / f"{action.split('.')[0]}.py")
    }
    assert unhandled == set()


def test_urgent_help_and_a_person_come_first_and_help_last() -> None:
    names = [dialogue.name for dialogue in DIALOGUES]
    assert names[:2] == ["urgent", "contact"] and names[-3:] == ["guide", "help", "outside"]
