"""Only requests that Teams signed for this bot are delivered; keys and tokens here are real, Microsoft is loopback."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from adapters.ports import Contact
from adapters.teams.keys import MISSES, Keys
from adapters.teams.parse import address
from tests.adapters.teams.desk import APP_ID, Desk, desk, payload
from tests.peers.loopback import served

Json = dict[str, Any]

MESSAGE = payload("message")
MINUTE = 60


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


OLD, NEW = new_key(), new_key()


@dataclass(slots=True)
class KeyServer:
    """Publishes signing keys as the Bot Framework does."""

    keys: dict[str, RSAPrivateKey] = field(default_factory=lambda: {"k1": OLD})
    endorsements: list[str] = field(default_factory=lambda: ["msteams"])
    url: str = ""
    asked: int = 0
    downloads: int = 0
    down: bool = False

    async def metadata(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.down:
            raise web.HTTPBadGateway
        self.downloads += 1
        return web.json_response({"jwks_uri": f"{self.url}/keys"})

    async def key_set(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": [self.entry(id, key) for id, key in self.keys.items()]})

    def entry(self, id: str, key: RSAPrivateKey) -> Json:
        public: Json = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
        return {**public, "kid": id, "use": "sig", "endorsements": self.endorsements}


@asynccontextmanager
async def guarded(server: KeyServer) -> AsyncIterator[Desk]:
    """A front with authentication on, to which Amina is known already, so that nothing calls Microsoft."""
    app = web.Application()
    app.router.add_get("/metadata", server.metadata)
    app.router.add_get("/keys", server.key_set)
    async with served(app) as server.url, desk(auth_off=False, openid_metadata_url=f"{server.url}/metadata") as at:
        await at.people.meet(Contact(address(MESSAGE)))
        yield at


@pytest.fixture
def server() -> KeyServer:
    return KeyServer()


@pytest.fixture
async def at(server: KeyServer) -> AsyncIterator[Desk]:
    async with guarded(server) as running:
        yield running


def token(key: Any = OLD, kid: str | None = "k1", algorithm: str = "RS256", **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": "https://api.botframework.com",
        "aud": APP_ID,
        "serviceurl": MESSAGE["serviceUrl"],
        "nbf": now - 30 * MINUTE,
        "exp": now + 30 * MINUTE,
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm, headers={"kid": kid} if kid else None)


async def post(at: Desk, bearer: str | None, **changes: Any) -> int:
    headers = {"Content-Type": "application/json"} | ({"Authorization": bearer} if bearer is not None else {})
    status, _ = await at.post_raw(json.dumps({**MESSAGE, **changes}), headers)
    return status


async def test_a_good_token_is_let_in(at: Desk) -> None:
    assert await post(at, f"Bearer {token()}") == 200
    assert len(at.turns.events) == 1


async def test_clocks_may_differ_by_some_minutes(at: Desk) -> None:
    assert await post(at, f"Bearer {token(exp=int(time.time()) - 2 * MINUTE)}") == 200


def forged() -> str:
    """Signed with the public key as if it were a shared secret; PyJWT itself would refuse to write it."""
    header = urlsafe_b64encode(b'{"alg":"HS256","kid":"k1"}').rstrip(b"=")
    body = header + b"." + token().split(".")[1].encode()
    public = OLD.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return (body + b"." + urlsafe_b64encode(hmac.digest(public, body, "sha256")).rstrip(b"=")).decode()


BAD: dict[str, Callable[[], str]] = {
    "another audience": lambda: token(aud="another-bot"),
    "no audience": lambda: token(aud=None),
    "another issuer": lambda: token(iss="https://sts.windows.net/"),
    "no issuer": lambda: token(iss=None),
    "another service URL": lambda: token(serviceurl="https://smba.trafficmanager.net/amer/"),
    "no service URL": lambda: token(serviceurl=None),
    "expired ten minutes ago": lambda: token(exp=int(time.time()) - 10 * MINUTE),
    "without an end": lambda: token(exp=None),
    "not valid yet": lambda: token(nbf=int(time.time()) + 10 * MINUTE),
    "another key": lambda: token(key=NEW),
    "unknown key id": lambda: token(kid="k9"),
    "no key id": lambda: token(kid=None),
    "HS256": forged,
    "none": lambda: token(key=None, algorithm="none"),
    "garbage": lambda: "garbage",
    "three parts of garbage": lambda: "a.b.c",
    "nothing": lambda: "",
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_token_is_401_and_nothing_is_delivered(at: Desk, case: str) -> None:
    assert await post(at, f"Bearer {BAD[case]()}") == 401
    assert at.turns.events == []


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic dTpw", "bearer x", "Bearer  "])
async def test_without_a_bearer_token_it_is_401(at: Desk, header: str | None) -> None:
    assert await post(at, header) == 401
    assert at.turns.events == []


@pytest.mark.parametrize("channel", ["webchat", "emulator", "", None])
async def test_another_channel_is_401(at: Desk, channel: str | None) -> None:
    assert await post(at, f"Bearer {token()}", channelId=channel) == 401
    assert at.turns.events == []


async def test_a_key_that_is_not_for_teams_is_401(server: KeyServer, at: Desk) -> None:
    server.endorsements = ["webchat"]
    assert await post(at, f"Bearer {token()}") == 401


async def test_an_activity_that_names_another_service_url_than_its_token_is_401(at: Desk) -> None:
    assert await post(at, f"Bearer {token()}", serviceUrl="https://smba.trafficmanager.net/amer/") == 401


async def test_a_signed_request_still_cannot_name_a_foreign_address(at: Desk) -> None:
    evil = "https://evil.example/"
    assert await post(at, f"Bearer {token(serviceurl=evil)}", serviceUrl=evil) == 403
    assert at.turns.events == []


async def test_a_signed_request_of_another_tenant_is_403(at: Desk) -> None:
    foreign = payload("other_tenant")
    assert await post(at, f"Bearer {token()}", **foreign) == 403


async def test_a_new_key_is_learnt_when_it_is_first_used(server: KeyServer, at: Desk) -> None:
    assert await post(at, f"Bearer {token()}") == 200
    server.keys = {"k2": NEW}
    assert await post(at, f"Bearer {token(key=NEW, kid='k2')}", id="2") == 200
    assert await post(at, f"Bearer {token()}", id="3") == 401
    assert len(at.turns.events) == 2


async def test_keys_are_not_downloaded_for_every_stranger(server: KeyServer, at: Desk) -> None:
    for number in range(20):
        assert await post(at, f"Bearer {token(kid=f'stranger-{number}')}") == 401
    assert server.downloads == 1 + MISSES
    assert await post(at, f"Bearer {token()}") == 200


async def test_keys_are_downloaded_once_for_many_requests_at_once(server: KeyServer, at: Desk) -> None:
    answers = await asyncio.gather(*(post(at, f"Bearer {token()}", id=str(n)) for n in range(10)))
    assert answers == [200] * 10
    assert server.downloads == 1


async def test_known_keys_serve_on_while_their_server_is_down(server: KeyServer, at: Desk) -> None:
    assert await post(at, f"Bearer {token()}") == 200
    server.down = True
    assert await post(at, f"Bearer {token(kid='k9')}") == 401
    assert await post(at, f"Bearer {token()}", id="2") == 200


async def test_old_keys_serve_on_without_asking_a_server_that_is_down_for_every_request(
    server: KeyServer, at: Desk
) -> None:
    keys = Keys(f"{server.url}/metadata", fresh=0.0)
    assert await keys.key("k1")
    server.down = True
    for _ in range(5):
        assert await keys.key("k1")
    assert server.asked == 2


async def test_without_any_key_teams_is_asked_to_come_again(server: KeyServer, at: Desk) -> None:
    server.down = True
    assert await post(at, f"Bearer {token()}") == 503
    server.down = False
    assert await post(at, f"Bearer {token()}") == 200
