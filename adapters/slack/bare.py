"""A Bolt app that only echoes: what a slash command costs before anything of ours happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

from adapters.slack.app import PATH
from adapters.slack.parse import COMMAND


def app(signing_secret: str, first: Callable[[Mapping[str, Any]], None] | None = None) -> web.Application:
    """first: done with each command before it is acknowledged."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bare")  # noqa: S106

    bolt = AsyncApp(signing_secret=signing_secret, authorize=authorize, process_before_response=True)

    @bolt.command(COMMAND)
    async def echo(ack: Any, command: Any) -> None:
        if first:
            first(command)
        await ack(command["text"])

    async def post(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    served = web.Application()
    served.router.add_post(PATH, post)
    return served


def signed(body: str, secret: str, timestamp: str) -> dict[str, str]:
    """Headers of a request as Slack signs it: docs.slack.dev/authentication/verifying-requests-from-slack."""
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
    }
