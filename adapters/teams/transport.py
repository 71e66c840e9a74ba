"""botbuilder's CloudAdapter, with what its last release gets wrong put right (README.md, "botbuilder").

The SDK reads the activity and runs the turn. It neither checks tokens nor sends anything: both are ours.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog
from aiohttp import web
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ActivityTypes
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)
from msrest.exceptions import DeserializationError  # type: ignore[attr-defined]
from msrest.universal_http.requests import ClientRetryPolicy

from adapters.teams.answers import Answer
from adapters.teams.keys import Refused

Json = Mapping[str, Any]
Handle = Callable[[Json], Awaitable[Answer | None]]
"""None: nothing to say inside the request. Raises Refused."""

log = structlog.get_logger()

if hasattr(ClientRetryPolicy, "safe_codes"):
    # Each of msrest's clients looks 999 times into this list of 501, which takes 3 ms.
    ClientRetryPolicy.safe_codes = frozenset(ClientRetryPolicy.safe_codes)  # type: ignore[assignment]


class Checks(Protocol):
    async def check(self, header: str, channel: str, service_url: str) -> Mapping[str, object]:
        """The token's claims. Raises Refused."""


class Transport(CloudAdapter):  # type: ignore[misc]  # published without types
    def __init__(self, checks: Checks) -> None:
        super().__init__(_Authentication(checks))

    async def answer(self, request: web.Request, handle: Handle) -> web.Response:
        """Stands in for ``process``, which answers every bad request and every invoke with a 500."""
        try:
            body = await _body(request)
            header = request.headers.get("Authorization", "")
            invoke = await self.process_activity(header, _activity(body), _logic(body, handle))
        except Refused as refused:
            log.warning("teams request refused", status=refused.status, reason=str(refused))
            return web.Response(status=refused.status)
        return web.Response() if invoke is None else _response(invoke)


class _Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """Our check in the SDK's place: its own raises on bad tokens, blocks the loop and never learns of new keys."""

    def __init__(self, checks: Checks) -> None:
        self._checks = checks

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        claims = await self._checks.check(auth_header, activity.channel_id or "", activity.service_url or "")
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(claims), True)
        result.connector_factory = _Nothing()
        return result

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> None:
        raise Refused(401, "no streaming here")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return _Nothing()

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in."""


class _Nothing(ConnectorFactory):  # type: ignore[misc]
    """The SDK insists on a client for sending; with this one it cannot send to an address that a request names."""

    async def create(self, service_url: str, audience: str) -> object:
        return object()


async def _body(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise Refused(415, "not JSON")
    try:
        body = await request.json()
    except (ValueError, LookupError, RecursionError):  # LookupError: in a character set that nobody knows
        raise Refused(400, "broken JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise Refused(400, "no activity")
    return body


def _activity(body: Json) -> Activity:
    try:
        return Activity().deserialize(body)
    except (DeserializationError, AttributeError, TypeError, ValueError, RecursionError):
        raise Refused(400, "no activity") from None


def _logic(body: Json, handle: Handle) -> Callable[[TurnContext], Awaitable[None]]:
    async def logic(context: TurnContext) -> None:
        """The SDK turns the answer to JSON once, when it leaves; its own handlers do it a second time, and break."""
        if (answer := await handle(body)) is not None:
            response = InvokeResponse(status=answer.status, body=answer.body)
            await context.send_activity(Activity(type=ActivityTypes.invoke_response, value=response))

    return logic


def _response(invoke: InvokeResponse) -> web.Response:
    if invoke.body is None:
        return web.Response(status=int(invoke.status))
    return web.json_response(invoke.body, status=int(invoke.status))
