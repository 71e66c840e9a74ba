"""Says whether a request really comes from Teams: its bearer token, checked with the Bot Framework's public keys.

learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from math import inf
from typing import Any

import aiohttp
import jwt

Json = Mapping[str, Any]

ISSUER = "https://api.botframework.com"
METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
CHANNEL = "msteams"
LEEWAY = 300  # seconds; clocks differ
FRESH = 24 * 3600.0  # seconds that a key set is used without asking again
FAILED = 60.0  # seconds that an old one serves on after its server did not answer, so that not every request waits
MISSES, MISS_WINDOW = 5, 600.0  # downloads for unknown key ids, and the seconds they are counted in
DOWNLOAD = aiohttp.ClientTimeout(total=5)


class Refused(Exception):
    """status: what to answer. The text names the check that failed, never what was sent."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Keys:
    """The signing keys by id. A missing key may be new, so the set is fetched again, but not for every stranger."""

    def __init__(self, metadata_url: str, fresh: float = FRESH) -> None:
        self._metadata_url = metadata_url
        self._keys: dict[str, Json] = {}
        self._fresh = fresh
        self._asks_again = -inf
        self._misses: deque[float] = deque(maxlen=MISSES)
        self._one_at_a_time = asyncio.Lock()

    async def key(self, id: str) -> Json | None:
        """The JSON Web Key, or None when there is none with that id. Raises Refused(503) while none can be had."""
        async with self._one_at_a_time:
            if self._stale() or (id not in self._keys and self._may_ask()):
                await self._fetch()
        return self._keys.get(id)

    def _stale(self) -> bool:
        return time.monotonic() >= self._asks_again

    def _may_ask(self) -> bool:
        now = time.monotonic()
        if len(self._misses) == MISSES and now - self._misses[0] < MISS_WINDOW:
            return False
        self._misses.append(now)
        return True

    async def _fetch(self) -> None:
        try:
            async with aiohttp.ClientSession(timeout=DOWNLOAD) as session:
                found = await _json(session, (await _json(session, self._metadata_url))["jwks_uri"])
            self._keys = {key["kid"]: key for key in found["keys"]}
            self._asks_again = time.monotonic() + self._fresh
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
            if not self._keys:
                raise Refused(503, "no signing keys") from None
            self._asks_again = max(self._asks_again, time.monotonic() + FAILED)


async def _json(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url, raise_for_status=True) as response:
        return await response.json(content_type=None)


class Verifier:
    def __init__(self, app_id: str, metadata_url: str) -> None:
        self._app_id = app_id
        self._keys = Keys(metadata_url)

    async def check(self, header: str, channel: str, service_url: str) -> Mapping[str, object]:
        """channel, service_url: as the activity says. -> the token's claims. Raises Refused."""
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer" or not token:
            raise Refused(401, "no bearer token")
        key = await self._signing_key(token)
        if channel != CHANNEL or CHANNEL not in key.get("endorsements", ()):
            raise Refused(401, "channel")
        claims = self._claims(token, key)
        if not service_url or claims.get("serviceurl") != service_url:
            raise Refused(401, "service URL")
        return claims

    async def _signing_key(self, token: str) -> Json:
        try:
            id = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError:
            raise Refused(401, "no token at all") from None
        key = await self._keys.key(id) if isinstance(id, str) else None
        if key is None:
            raise Refused(401, "unknown key")
        return key

    def _claims(self, token: str, key: Json) -> Mapping[str, object]:
        try:
            claims: dict[str, object] = jwt.decode(
                token,
                jwt.PyJWK(dict(key), algorithm="RS256"),
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise Refused(401, type(error).__name__) from None
        return claims


class Anybody:
    """Checks nothing, for the Agents Playground on this machine."""

    async def check(self, header: str, channel: str, service_url: str) -> Mapping[str, object]:
        return {}
