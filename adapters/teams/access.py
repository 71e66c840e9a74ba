"""The bot's own tokens, from Entra by MSAL, which keeps them until they expire.

learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import asyncio
from typing import Any

import msal
import structlog

from adapters.ports import NotSent, TryLater

LOGIN = "https://login.microsoftonline.com/"
SECONDS = 10  # for each request; MSAL itself would wait for ever
SCOPES = ["https://api.botframework.com/.default"]
LOCKED_OUT = 300.0  # seconds; somebody has to make a new secret, and no message may be lost until then
log = structlog.get_logger()


class Access:
    """A bot registered for one tenant, the only kind that can still be registered."""

    def __init__(self, app_id: str, secret: str, tenant: str, client: Any = None) -> None:
        """client: MSAL's, made at the first message unless given, because making it asks the network."""
        self._app_id = app_id
        self._secret = secret
        self._authority = LOGIN + tenant
        self._client = client
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self) -> str:
        """Raises TryLater while Entra refuses us, NotSent while it cannot be asked."""
        async with self._one_at_a_time:
            try:
                answer = await asyncio.to_thread(self._acquire)  # MSAL waits for the network
            except Exception as error:  # of requests, which MSAL does not wrap
                raise NotSent(f"no token: {type(error).__name__}") from None
        if token := answer.get("access_token"):
            return str(token)
        log.error("teams token refused", error=answer.get("error", "unknown"))
        raise TryLater(LOCKED_OUT)

    def _acquire(self) -> Any:
        if self._client is None:
            self._client = msal.ConfidentialClientApplication(
                self._app_id, client_credential=self._secret, authority=self._authority, timeout=SECONDS
            )
        return self._client.acquire_token_for_client(SCOPES)


async def no_token() -> str:
    """For the Agents Playground, which checks none."""
    return ""
