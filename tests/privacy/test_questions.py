"""A question is answered and forgotten (rule R20): neither its words nor whom it was about or from is kept."""

from __future__ import annotations

import pytest

from tests.peers.faulty import Drop, Fault, Ok, Refused
from tests.privacy.canary import Canary, canary, seen
from tests.privacy.fronts import Slack, Teams, Web
from tests.privacy.reporting import FRONTS
from tests.privacy.sinks import stored
from tests.privacy.town import Town, breaking, overlapping

BIRD = canary("question")
ASKED = "someone keeps asking me out"
FAULTS = (Ok(), Refused("channel_not_found"), Drop(accepted=True))


def questions(bird: Canary) -> tuple[str, ...]:
    """One the guide answers, one it does not, one that sounds urgent, one that is a whole report."""
    return (
        f"{ASKED}, {bird.words[0]}?",
        f"{bird.text}?",
        f"I want to kill myself {bird.text}",
        f"I want to report that {bird.text} happened on Monday",
        f"ask {bird.text}",
    )


@pytest.mark.parametrize("platform", FRONTS)
async def test_what_somebody_asks_is_kept_nowhere(here: Town, platform: str) -> None:
    name = FRONTS[platform]
    front = await here.on(platform, name)
    for question in questions(BIRD):
        here.answers.append(await front.says(question))
        here.answers.append(await front.again())
    for table in ("delivery", "seen"):
        with breaking(here.database, table):
            here.answers.append(await front.says(BIRD.text))
    with overlapping(here.database):
        here.answers.append(await front.says(BIRD.text))
    if isinstance(front, Slack):
        here.answers += [await front.commands(f"ask {BIRD.text}"), await front.asks_about(BIRD.text)]
        here.answers.append(await front.sends("ask_privately", {"question": BIRD.text}))
    if isinstance(front, Teams):
        here.answers.append(await front.sends("no.such", {"question": BIRD.text}))
    await here.settle()
    places = await here.places()
    if isinstance(front, Web):  # the chat on their own screen shows what they typed, as any chat does
        assert seen(BIRD.words, {"own": places.pop(f"chat of {(await here.house.person(name)).name}")})
    assert seen(BIRD.words, places) == []


@pytest.mark.parametrize("platform", FRONTS)
async def test_what_somebody_asks_through_the_form_stands_in_no_chat_either(here: Town, platform: str) -> None:
    front = await here.on(platform, FRONTS[platform])
    for question in ("", "x" * 999 + BIRD.text, *questions(BIRD)):
        here.answers.append(await front.sends("search.ask", {"question": question}))
    with breaking(here.database, "seen"):
        here.answers.append(await front.sends("search.ask", {"question": BIRD.text}))
    await here.settle()
    assert here.answers[-2].status == 200
    assert (
        seen(BIRD.words, {place: held for place, held in (await here.places()).items() if "answer" not in place}) == []
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_no_row_says_who_was_shown_which_article(here: Town, fault: Fault) -> None:
    """Only that something was sent, or that it could not be, stays."""
    sam = await here.on("slack", "Sam")
    here.outside.script("chat.postMessage", fault)
    await sam.says(ASKED)
    await here.settle()
    title = here.outside.calls("chat.postMessage")[0].payload["blocks"][0]["text"]["text"]
    tables = {place: held for place, held in stored(here.database).items() if " " not in place}
    assert title == "Someone keeps asking me out"
    assert [place for place, held in tables.items() if title.encode() in held] == []
    assert [place for place, held in tables.items() if b"repeated-date-requests" in held] == ["tally.topic"]
