"""The Slack client as we use it: silent about what it carries, and never trying again by itself."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.ports import NotSent, TryLater, Unreachable, Unsure

SECONDS = 10
IDLE_SECONDS = 2.0
ACCEPTED, TOO_MANY = 200, 429
LATER = 30.0  # seconds to wait when Slack names none

FAILURES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError)
"""All that a call may raise."""

PAUSED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org"})
LOCKED_OUT = 300.0  # seconds; somebody has to install the app again, or to set another token
APP_REFUSED = frozenset(
    {
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "messages_tab_disabled",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""It is about us, not about whom we write to: docs.slack.dev/reference/methods/chat.postMessage#errors"""
UNCLEAR = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})

events = structlog.get_logger()

log = logging.getLogger("adapters.slack.vendor")
log.setLevel(logging.CRITICAL)  # below that, the SDK writes whole requests, and Bolt payloads, into the log

socket_log = logging.getLogger("adapters.slack.socket")  # tells when Socket Mode lost its connection
socket_log.setLevel(logging.INFO)


def slack_client(token: str, base_url: str | None, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """retry_handlers: the SDK's own would post a message again that Slack took before the connection dropped.

    session: whose connections are used; without one, each call opens its own.
    """
    there = base_url or AsyncWebClient.BASE_URL
    return AsyncWebClient(token=token, base_url=there, timeout=SECONDS, retry_handlers=[], logger=log, session=session)


def connections() -> aiohttp.ClientSession:
    """Used again within a push, and let go soon.

    On a connection that Slack has closed meanwhile, a message would be unsure although it never left.
    """
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS))


def reason(error: BaseException) -> str:
    """A word for the log, without anything that Slack or a person wrote."""
    return refusal(error) or type(error).__name__


def refusal(error: BaseException) -> str:
    """Slack's error code (docs.slack.dev/reference/methods/chat.postMessage#errors), "" when it gave none."""
    data = getattr(error.response, "data", None) if isinstance(error, SlackApiError) else None
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def translated(error: Exception) -> Exception:
    """What a failed delivery means, as the ports say it."""
    match error:
        case SlackApiError():
            return _refused(error)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | aiohttp.InvalidURL():
            return NotSent(type(error).__name__)
        case _:
            return Unsure(type(error).__name__)


def _refused(error: SlackApiError) -> Exception:
    code, status = refusal(error), _status(error)
    if status == TOO_MANY or code in PAUSED:
        return TryLater(_seconds(error))
    if code in APP_REFUSED:
        events.error("slack refuses the app", error=code)
        return TryLater(LOCKED_OUT)
    if status != ACCEPTED or not code or code in UNCLEAR:
        return Unsure(code or f"HTTP {status}")
    return Unreachable(code)


def _status(error: SlackApiError) -> int:
    """The SDK hands over its own response, or aiohttp's when the answer was no JSON."""
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0))


def _seconds(error: SlackApiError) -> float:
    said = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
    return float(said) if said.isdecimal() else LATER
