"""Bolt itself reads every built request, and refuses those that are stale or signed by somebody else."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from tests.peers.slack_payloads import SlackRequest, SlackRequests

SLACK = SlackRequests("secret")


async def authorized(**_: object) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id=SLACK.team, bot_token="xoxb-1", bot_id="B1", bot_user_id=SLACK.bot_user
    )


def bot(seen: list[str]) -> AsyncApp:
    app = AsyncApp(signing_secret="secret", authorize=authorized, process_before_response=True)

    def noting(name: str) -> Callable:
        async def listener(ack: Callable, body: dict) -> None:
            await ack()
            seen.append(name)

        return listener

    app.command("/upstander")(noting("command"))
    app.action("quiz.answer")(noting("action"))
    app.view("report.file")(noting("submission"))
    app.view_closed("report.file")(noting("closed"))
    app.shortcut("report.start")(noting("shortcut"))
    app.event("message")(noting("message"))
    app.event("app_home_opened")(noting("opened"))
    app.event("app_uninstalled")(noting("uninstalled"))
    app.event("tokens_revoked")(noting("revoked"))
    return app


async def answered(app: AsyncApp, request: SlackRequest) -> BoltResponse:
    body, headers = request
    return await app.async_dispatch(AsyncBoltRequest(body=body, headers={**headers}))


def requests() -> dict[str, SlackRequest]:
    """Signed now: a signature is believed for five minutes, and the tests before this one may take longer."""
    return {
        "command": SLACK.command("report"),
        "action in a message": SLACK.pressed("quiz.answer", "q1:2"),
        "action by picking": SLACK.picked("quiz.answer", "2"),
        "action in Home": SLACK.pressed_in_home("quiz.answer", "q1:2"),
        "action in a modal": SLACK.pressed_in_modal("quiz.answer", "q1:2"),
        "submission": SLACK.submitted("report.file", {"what": "words", "wants": ["talk", "record"], "where": None}),
        "closed": SLACK.closed("report.file"),
        "shortcut": SLACK.shortcut("report.start"),
        "shortcut on a message": SLACK.message_shortcut("report.start", "a joke"),
        "message": SLACK.said("hello"),
        "opened": SLACK.opened("messages"),
        "uninstalled": SLACK.uninstalled(),
        "revoked": SLACK.revoked("U0UPSTAND1"),
    }


@pytest.mark.parametrize("name", list(requests()))
async def test_bolt_takes_the_request_for_what_it_is(name: str) -> None:
    seen: list[str] = []
    response = await answered(bot(seen), requests()[name])
    assert (response.status, seen) == (200, [name.split()[0]])


async def test_the_address_check_is_answered_with_its_challenge() -> None:
    response = await answered(bot([]), SLACK.url_verification("abc"))
    assert json.loads(response.body) == {"challenge": "abc"}


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (302, 401)])
async def test_a_request_is_believed_for_five_minutes(seconds: int, status: int) -> None:
    moved = replace(SLACK, clock=lambda: SLACK.clock() + seconds)
    assert (await answered(bot([]), moved.said("hello"))).status == status


async def test_a_request_signed_by_somebody_else_is_refused() -> None:
    forged = replace(SLACK, signing_secret="guessed")
    assert (await answered(bot([]), forged.said("hello"))).status == 401


def test_a_repeated_delivery_keeps_its_body_and_says_so() -> None:
    first = SLACK.said("hello", event_id="Ev1")
    body, headers = SLACK.retried(first, 2)
    assert body == first[0]
    assert headers["X-Slack-Retry-Num"] == "2"
