"""How somebody files a report at any front, and what tells whether it was taken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.needs import CasesOf
from tests.privacy.fronts import Answer, Front, Slack, Teams
from tests.privacy.town import Town

FRONTS = {"slack": "Sam", "teams": "Yuki", "web": "Ben"}
READERS = {"Noor": "slack", "Malik": "teams", "Ruth": "web"}
TAKEN: tuple[Any, ...] = ({}, {"reply": None}, {"response_action": "clear"})


async def readers(here: Town) -> dict[str, Front]:
    """Everybody who reads reports, each at a front of their own."""
    return {name: await here.on(platform, name) for name, platform in READERS.items()}


async def addressed(here: Town, texts: Mapping[str, str], without: str = "") -> dict[str, str]:
    """The fields of a report to every reader but the one, by first name, that it is about."""
    ids = {name: await here.id(name) for name in READERS}
    involved = ids.get(without, "")
    return {**texts, "readers": "\n".join(id for id in ids.values() if id != involved), "involved": involved}


async def opened(here: Town, front: Front) -> str:
    """Asks for the form; what it carries unseen, to be sent back with it."""
    await front.says("report")
    if isinstance(front, Teams):
        shown = json.loads((await front.fetches("report.open")).body)
        data: dict[str, str] = shown["task"]["value"]["card"]["content"]["actions"][0]["data"]
        return data["value"]
    pressed = await front.presses("report.open")
    if isinstance(front, Slack):
        return str(here.outside.calls("views.open")[-1].payload["view"]["private_metadata"])
    found = re.search(r'data-value="([0-9a-f]+)"', json.loads(pressed.body)["reply"]["html"])
    assert found
    return found[1]


async def filed(here: Town, front: Front, typed: Mapping[str, str]) -> str:
    """Sends a report that is complete. -> the number of its case, which none of the readers had before"""
    before = await cases(here)
    answer = await front.sends("report.file", typed, await opened(here, front))
    assert taken(answer), answer
    await here.settle()
    (number,) = await cases(here) - before
    return number


def taken(answer: Answer) -> bool:
    return answer.status == 200 and json.loads(answer.body or b"{}") in TAKEN


def is_form_again(answer: Answer) -> bool:
    """What was typed comes back to the one who typed it, inside the request, with what is missing."""
    shown: Any = json.loads(answer.body or b"{}")
    on_slack = shown.get("response_action") == "errors"
    on_teams = "card" in (shown.get("task") or {}).get("value", "")
    on_web = (shown.get("reply") or {}).get("kind") == "errors"
    return on_slack or on_teams or on_web


async def cases(here: Town) -> set[str]:
    """Numbers of all cases that anybody may read."""
    reads = here.house.built.database.reads
    found: list[Any] = [await reads.find(CasesOf(await here.id(name))) for name in READERS]
    return {line.case for lines in found for line in lines}
