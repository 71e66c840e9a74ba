"""The Connector REST API over aiohttp: what a call's outcome means for the message it carried.

learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/rate-limit
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from secrets import SystemRandom
from typing import Any

import aiohttp
import structlog
from yarl import URL

from adapters.ports import NotSent, TryLater, Unreachable, Unsure
from adapters.settings import is_loopback
from adapters.teams.access import LOCKED_OUT

Token = Callable[[], Awaitable[str]]
"""A bearer token for the Connector, "" where it wants none. Raises TryLater, NotSent."""

MICROSOFT_HOSTS = (
    "smba.trafficmanager.net",  # not its domain: anybody may take a name in that
    ".botframework.com",
    ".botframework.us",
    ".teams.microsoft.com",
    ".teams.microsoft.us",
)
CALL = aiohttp.ClientTimeout(total=15, sock_connect=5)
LONGEST_WAIT = 3600.0
LONGEST_BACKOFF = 60.0
chance = SystemRandom()
log = structlog.get_logger()


class Connector:
    """hosts: where a service URL may point; a leading dot allows every name below it.

    loopback: plain http to this machine is allowed too, for the Agents Playground.
    patience: of one call; what was taken and never answered is unsure.
    """

    def __init__(
        self,
        token: Token,
        hosts: tuple[str, ...] = MICROSOFT_HOSTS,
        loopback: bool = False,
        patience: aiohttp.ClientTimeout = CALL,
    ) -> None:
        self._token = token
        self._patience = patience
        self._hosts = hosts
        self._loopback = loopback
        self._session: aiohttp.ClientSession | None = None
        self._refusals = 0

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def allows(self, service_url: str) -> bool:
        """Our token, and people's messages, go to Microsoft only, whatever address a request names."""
        try:
            url = URL(service_url)
            host, port = url.host, url.port
        except ValueError:
            return False
        if url.user or url.password or not host:
            return False
        if self._loopback and is_loopback(host):
            return url.scheme in ("http", "https")
        return url.scheme == "https" and port == 443 and any(_names(host, each) for each in self._hosts)

    async def call(self, method: str, service_url: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """path: below the service URL, already quoted. -> the JSON that came back, {} when there is none.

        Raises Unreachable, TryLater, NotSent, Unsure.
        """
        if not self.allows(service_url):
            raise Unreachable("service URL not allowed")
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        sent = None if body is None else json.dumps(body).encode()
        try:
            async with self._open().request(
                method, url, data=sent, headers=await self._headers(), timeout=self._patience, allow_redirects=False
            ) as response:
                return await self._outcome(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unsure(type(error).__name__) from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def _headers(self) -> dict[str, str]:
        token = await self._token()
        return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    async def _outcome(self, response: aiohttp.ClientResponse) -> Any:
        status = response.status
        if 200 <= status < 300:
            self._refusals = 0
            return await _body(response)
        if status in (412, 429):
            self._refusals += 1
            raise TryLater(_asked(response) or self._backoff())
        if status == 401:
            log.error("teams token refused", error="status 401")
            raise TryLater(LOCKED_OUT)
        if status == 408 or status >= 500:
            raise Unsure(f"status {status}")
        raise Unreachable(await _reason(response))

    def _backoff(self) -> float:
        """Seconds; half of it is chance, so that lanes do not all come back at once."""
        longest = min(LONGEST_BACKOFF, 2.0**self._refusals)
        return chance.uniform(longest / 2, longest)


def _names(host: str, allowed: str) -> bool:
    host, allowed = host.lower(), allowed.lower()
    return host.endswith(allowed) if allowed.startswith(".") else host == allowed


def _asked(response: aiohttp.ClientResponse) -> float:
    """Seconds that Retry-After asks for, as a number or a date; 0 when it does not."""
    asked = response.headers.get("Retry-After", "")
    try:
        seconds = float(asked) if asked.isdecimal() else (parsedate_to_datetime(asked) - _now()).total_seconds()
    except (TypeError, ValueError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _now() -> datetime:
    """The real time, which a server's date is compared with."""
    return datetime.now(UTC)


async def _body(response: aiohttp.ClientResponse) -> Any:
    try:
        found = json.loads(await response.read() or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def _reason(response: aiohttp.ClientResponse) -> str:
    """Short, and only of words that Microsoft defines: a code, never a message."""
    if response.status == 413:
        return "too large"
    error = (await _body(response)).get("error")
    codes = [error.get(name) for name in ("code", "subCode")] if isinstance(error, dict) else []
    known = [code for code in codes if isinstance(code, str) and code.isalnum() and len(code) <= 40]
    return " ".join((f"status {response.status}", *known))
