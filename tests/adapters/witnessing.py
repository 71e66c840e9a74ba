"""What every witness owes the round that asks it, written once; a platform inherits it and brings a stage."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol

import pytest

from adapters.ports import CannotTell, Delivery, NotThere, TryLater, WasSent, Witness
from bot.people import Address

BEGUN = datetime(2026, 11, 24, 10, tzinfo=UTC)
TO = Address("slack", "T1", "U1", "D1")


def lost(id: str, begun: datetime = BEGUN, **more: Any) -> Delivery:
    return Delivery(id=id, key=id, lane=TO.lane, person="p1", due_at=begun, intent_at=begun, **more)


class Stage(Protocol):
    witness: Witness

    def arrived(self, delivery: str) -> str:
        """The platform took it at ``BEGUN``, for ``TO``. -> the message's id"""

    def waits(self, seconds: float) -> None:
        """The next question is refused for so long."""

    def hangs_up(self) -> None:
        """The next question has no answer."""

    def questions(self) -> int:
        """How often it was asked what is there."""


class WitnessContract:
    """A subclass has a fixture ``stage``."""

    async def test_what_is_there_is_found_and_what_is_not_is_not_there(self, stage: Stage) -> None:
        message = stage.arrived("d1")
        found = await stage.witness.seen(TO, [lost("d1"), lost("d2")])
        assert set(found) == {WasSent("d1", message), NotThere("d2")}
        assert stage.questions() == 1

    async def test_what_nobody_asked_about_is_not_told(self, stage: Stage) -> None:
        stage.arrived("d1")
        assert await stage.witness.seen(TO, [lost("d2")]) == [NotThere("d2")]

    async def test_who_misses_nothing_is_asked_nothing(self, stage: Stage) -> None:
        assert (await stage.witness.seen(TO, []), stage.questions()) == ([], 0)

    async def test_no_answer_is_neither_yes_nor_no(self, stage: Stage) -> None:
        stage.arrived("d1")
        stage.hangs_up()
        (finding,) = await stage.witness.seen(TO, [lost("d1")])
        assert isinstance(finding, CannotTell)

    async def test_a_platform_may_ask_to_wait(self, stage: Stage) -> None:
        message = stage.arrived("d1")
        stage.waits(7)
        with pytest.raises(TryLater) as raised:
            await stage.witness.seen(TO, [lost("d1")])
        assert raised.value.seconds == 7
        assert await stage.witness.seen(TO, [lost("d1")]) == [WasSent("d1", message)]
