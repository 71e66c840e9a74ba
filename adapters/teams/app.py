"""Teams' front door: one route, one messenger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from adapters.ports import Messenger, Now, People, Turn
from adapters.settings import is_loopback
from adapters.teams import parse
from adapters.teams.access import Access, no_token
from adapters.teams.answers import Answer
from adapters.teams.connector import MICROSOFT_HOSTS, Connector, Token
from adapters.teams.contacts import Contacts
from adapters.teams.inbound import INVOKE_SECONDS, Inbound
from adapters.teams.keys import METADATA, Anybody, Refused, Verifier
from adapters.teams.render import Pen
from adapters.teams.send import TeamsMessenger
from adapters.teams.transport import Transport
from adapters.teams.words import Words

ROUTE = "/api/messages"


class TeamsFront:
    """Everything between Teams and ``turn``.

    tenant_id: the only Entra tenant whose people are answered.
    words: what it says where no dialogue has a say.
    opens_form: actions that a form answers; only their buttons can open a dialog.
    auth_off: requests are believed without a token, for the Agents Playground. Needs ``bind_host`` to be loopback.
    openid_metadata_url: where Teams' public keys are found; None for Microsoft's own address.
    service_hosts: where messages may be sent, see ``Connector``.
    token: the bot's own token for sending; None to get it from Entra with ``app_password``.
    """

    def __init__(
        self,
        app_id: str,
        app_password: str,
        tenant_id: str,
        people: People,
        turn: Turn,
        now: Now,
        words: Words,
        *,
        opens_form: frozenset[str] = frozenset(),
        auth_off: bool = False,
        bind_host: str = "",
        openid_metadata_url: str | None = None,
        service_hosts: tuple[str, ...] = MICROSOFT_HOSTS,
        token: Token | None = None,
        invoke_seconds: float = INVOKE_SECONDS,
    ) -> None:
        """Raises ValueError, naming the setting, when it would run open to the network or without an identity."""
        _check(app_id, tenant_id, auth_off, bind_host)
        self._tenant = tenant_id
        access = token or (no_token if auth_off else Access(app_id, app_password, tenant_id))
        self._connector = Connector(access, service_hosts, loopback=auth_off)
        pen = Pen(words, opens_form)
        self._messenger = TeamsMessenger(self._connector, pen, f"28:{app_id}")
        contacts = Contacts(people, self._connector, now)
        self._inbound = Inbound(contacts, turn, now, self._messenger, pen, invoke_seconds)
        self._transport = Transport(Anybody() if auth_off else Verifier(app_id, openid_metadata_url or METADATA))

    @property
    def messenger(self) -> Messenger:
        return self._messenger

    def routes(self, app: web.Application) -> None:
        app.router.add_post(ROUTE, self._receive)

    async def close(self) -> None:
        """Lets running turns end, for a few seconds."""
        await self._inbound.close()
        await self._connector.close()

    async def _receive(self, request: web.Request) -> web.Response:
        return await self._transport.answer(request, self._admitted)

    async def _admitted(self, activity: Mapping[str, Any]) -> Answer | None:
        if parse.tenant(activity).casefold() != self._tenant.casefold():
            raise Refused(403, "tenant")
        if not self._connector.allows(parse.words(activity, "serviceUrl")):
            raise Refused(403, "service URL")
        return await self._inbound.answer(activity)


def _check(app_id: str, tenant_id: str, auth_off: bool, bind_host: str) -> None:
    if not tenant_id:
        raise ValueError("TEAMS_TENANT_ID is missing")
    if auth_off and not is_loopback(bind_host):
        raise ValueError("TEAMS_AUTH=off is for this machine alone: bind to 127.0.0.1, or leave TEAMS_AUTH unset")
    if not auth_off and not app_id:
        raise ValueError("TEAMS_APP_ID is missing")
