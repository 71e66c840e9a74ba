"""What a conversation script cannot show: that a press launches nothing."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.campaigns import Audience, Campaign
from bot.dialogues.push import State as Draft
from bot.effects import Effect, Launch
from tests.conversations.library import library, phrases
from tests.conversations.stage import Stage, shown

PLAN = "{push.plan lesson=first.one; audience=team:Design; day=2026-11-24; at=10:00; required_by=2026-12-09}"
LATER = "{push.plan lesson=first.two; audience=everyone; day=2026-11-25; at=09:00}"


def hr() -> Stage:
    stage = Stage(library(), phrases)
    stage.play(": person id=p-ana role=hr")
    return stage


def drafted(stage: Stage, plan: str) -> str:
    """The id that the preview's buttons carry."""
    stage.play(plan)
    planned = stage.slots["push"]
    assert isinstance(planned, Draft)
    return planned.draft.id


def pressed(stage: Stage, action: str, id: str) -> tuple[str, list[Effect]]:
    """What the button answers, and what else comes of it."""
    stage.play(f"[{action} {id}]")
    assert stage.reply
    return shown(stage.reply), stage.effects


def test_a_draft_is_launched_as_it_was_previewed_and_a_second_press_launches_nothing() -> None:
    stage = hr()
    id = drafted(stage, PLAN)
    ours = Campaign(
        id, "first.one", Audience("team", "Design"), date(2026, 11, 24), time(10), "p-ana", date(2026, 12, 9)
    )
    told, effects = pressed(stage, "push.confirm", id)
    assert "Scheduled." in told and effects == [Launch(ours)]
    stage.play(f": campaign {id} first.one 120 0 0")
    told, effects = pressed(stage, "push.confirm", id)
    assert "Planned: 120" in told and effects == []


def test_an_older_preview_launches_nothing_and_leaves_the_newer_one() -> None:
    stage = hr()
    older, newer = drafted(stage, PLAN), drafted(stage, LATER)
    assert older != newer
    told, effects = pressed(stage, "push.confirm", older)
    assert "There is no such campaign." in told and effects == []
    _, effects = pressed(stage, "push.confirm", newer)
    assert [type(effect) for effect in effects] == [Launch]


def test_a_draft_that_was_cancelled_cannot_be_confirmed() -> None:
    stage = hr()
    id = drafted(stage, PLAN)
    assert pressed(stage, "push.cancel", id)[1] == pressed(stage, "push.confirm", id)[1] == []


@pytest.mark.parametrize(
    ("chosen", "audience"),
    [
        ("everyone", Audience()),
        ("team:Design", Audience("team", "Design")),
        ("country:ES", Audience("country", "ES")),
        ("role:manager", Audience("role", "manager")),
    ],
)
def test_a_draft_is_for_those_whom_the_form_named(chosen: str, audience: Audience) -> None:
    stage = hr()
    id = drafted(stage, PLAN.replace("team:Design", chosen))
    (launch,) = pressed(stage, "push.confirm", id)[1]
    assert isinstance(launch, Launch) and launch.campaign.audience == audience
