"""The transcript: each person's own, in order, replaced in place, told to every browser."""

from __future__ import annotations

import pytest

from adapters.ports import Unreachable
from adapters.web.feed import BACKLOG, Added, Changed, ClockMoved, Feed
from adapters.web.messenger import KEPT, WebMessenger
from bot.people import Address
from tests.adapters.gallery import CARDS
from tests.adapters.web.stage import MONDAY

LOU, SAM = Address("web", "playground", "p-lou"), Address("web", "playground", "p-sam")
CARD, OTHER = CARDS["only_text"], CARDS["every_element"]


@pytest.fixture
def messenger() -> WebMessenger:
    return WebMessenger(lambda: MONDAY)


async def test_everybody_has_a_transcript_of_their_own(messenger: WebMessenger) -> None:
    await messenger.send(LOU, CARD, "d1")
    await messenger.send(SAM, OTHER, "d2")
    assert [entry.card for entry in messenger.transcript("p-lou")] == [CARD]


async def test_a_card_is_replaced_where_it_stands(messenger: WebMessenger) -> None:
    sent = await messenger.send(LOU, CARD, "d1")
    await messenger.send(LOU, CARD, "d2")
    await messenger.replace(LOU, sent.message, OTHER, "d3")
    assert [entry.card for entry in messenger.transcript("p-lou")] == [OTHER, CARD]


async def test_a_delivery_that_comes_twice_is_shown_once(messenger: WebMessenger) -> None:
    first, again = await messenger.send(LOU, CARD, "d1"), await messenger.send(LOU, CARD, "d1")
    assert (first == again, len(messenger.transcript("p-lou"))) == (True, 1)


async def test_a_message_that_scrolled_out_cannot_be_replaced(messenger: WebMessenger) -> None:
    first = await messenger.send(LOU, CARD, "first")
    for number in range(KEPT):
        await messenger.send(LOU, CARD, str(number))
    with pytest.raises(Unreachable):
        await messenger.replace(LOU, first.message, OTHER, "d")


async def test_listeners_hear_what_was_added_and_changed(messenger: WebMessenger) -> None:
    with messenger.feed.listen() as news:
        sent = await messenger.send(LOU, CARD, "d1")
        await messenger.replace(LOU, sent.message, OTHER, "d2")
        assert [type(news.get_nowait()) for _ in range(2)] == [Added, Changed]


def test_a_listener_that_falls_behind_is_cut_off_and_not_fed_for_ever() -> None:
    feed = Feed()
    with feed.listen() as news:
        for _ in range(2 * BACKLOG):
            feed.publish(ClockMoved(MONDAY))
        heard = [news.get_nowait() for _ in range(news.qsize())]
    assert (len(heard), heard[-1]) == (BACKLOG + 1, None)
