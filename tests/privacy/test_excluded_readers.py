"""Whom a report is about finds no trace of it (rule S15): all that they can reach is the same with and without it."""

from __future__ import annotations

from typing import Any

from bot.needs import CaseFile
from tests.privacy.canary import typed_report
from tests.privacy.reporting import addressed, filed
from tests.privacy.town import Town
from tests.privacy.two_worlds import Looking, world

INVOLVED = "Noor"


async def with_a_case(here: Town) -> str:
    """Sam reports something about Noor; Malik and Ruth read it. -> its number"""
    texts, _ = typed_report("about")
    sam = await here.on("slack", "Sam")
    number = await filed(here, sam, await addressed(here, texts, without=INVOLVED))
    for name, platform in (("Malik", "teams"), ("Ruth", "web")):
        reader = await here.on(platform, name)
        await reader.presses("case.link", number)
        await reader.presses("case.acknowledge", number)
    await here.settle()
    return number


async def test_with_and_without_the_case_they_get_the_same(empty_url: str) -> None:
    async with world(empty_url) as here:
        number = await with_a_case(here)
        noor = Looking(here, INVOLVED)
        found, told = await noor.around(number), await noor.chat()
        calls = _to_noor(here)
    async with world(empty_url) as here:
        noor = Looking(here, INVOLVED)
        assert await noor.around(number) == found
        assert await noor.chat() == told
        assert _to_noor(here) == calls


def _to_noor(here: Town) -> list[tuple[str, Any]]:
    """Every message to her, asked for or not."""
    hers = [each for each in here.outside.received if "NOOR" in str(each.payload) or "noor" in each.path]
    return [(each.call, each.payload.get("text") or each.payload.get("summary")) for each in hers]


async def test_readers_get_what_the_involved_person_does_not(sqlite_url: str) -> None:
    """The same look around, by one who may read the case, does find it: so it would show a trace."""
    async with world(sqlite_url) as here:
        number = await with_a_case(here)
        found = await Looking(here, "Malik").around(number)
    async with world(sqlite_url) as here:
        without = await Looking(here, "Malik").around(number)
    different = {name for (name, one), (_, other) in zip(found, without, strict=True) if one != other}
    assert {"slack: cases", "slack: case.list ", f"slack: case.link {number}"} <= different
    assert not {"slack: help", "slack: case.link 00000000", "/readyz"} & different


async def test_nobody_but_its_readers_opens_a_case(here: Town) -> None:
    """Neither who runs the company nor a manager, a colleague or the one who wrote it; an administrator has no role."""
    number = await with_a_case(here)
    opening = {p.name for p in await here.house.built.database.people.everyone() if await opens(here, p.id, number)}
    assert opening == {"Malik Brooks", "Ruth Castellan"}


async def opens(here: Town, person: str, number: str) -> bool:
    return await here.house.built.database.reads.find(CaseFile(number, person)) is not None
