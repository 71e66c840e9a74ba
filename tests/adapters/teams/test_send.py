"""What the Connector answers decides what a delivery is: sent, refused, to be tried later, or unsure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import ClientTimeout

from adapters.ports import NotSent, Sent, TryLater, Unreachable, Unsure
from adapters.teams.connector import CALL, MICROSOFT_HOSTS, Connector
from adapters.teams.render import Pen
from adapters.teams.send import TeamsMessenger
from bot.people import Address
from tests.adapters.gallery import CARDS
from tests.adapters.said import TEAMS as WORDS
from tests.adapters.teams.desk import AMINA, APP_ID, POSTED, TENANT, UPDATED
from tests.peers.faulty import Drop, Fails, Faulty, Slow, TooMany, bad_gateway, blocked, faulty, precondition, too_large
from tests.peers.loopback import free_port

CREATED = "POST /v3/conversations"
CARD = CARDS["only_text"]
BOT = f"28:{APP_ID}"


@pytest.fixture
async def microsoft() -> AsyncIterator[Faulty]:
    async with faulty() as running:
        yield running


@pytest.fixture
async def connector() -> AsyncIterator[Connector]:
    async def token() -> str:
        return "a-token"

    made = Connector(token, loopback=True)
    yield made
    await made.close()


@pytest.fixture
def messenger(connector: Connector) -> TeamsMessenger:
    return TeamsMessenger(connector, Pen(WORDS), BOT)


def amina(url: str, conversation: str = "a:1") -> Address:
    return Address("teams", TENANT, AMINA, conversation, url, BOT)


async def test_an_answer_that_never_comes_leaves_it_unsure_and_no_call_waits_for_ever(microsoft: Faulty) -> None:
    async def token() -> str:
        return "a-token"

    assert CALL.total and CALL.total <= 15
    microsoft.script(POSTED, Slow(5))
    hasty = Connector(token, loopback=True, patience=ClientTimeout(total=0.2))
    try:
        with pytest.raises(Unsure):
            await TeamsMessenger(hasty, Pen(WORDS), BOT).send(amina(microsoft.service_url), CARD, "d1")
    finally:
        await hasty.close()


async def test_a_message_goes_into_the_known_chat(messenger: TeamsMessenger, microsoft: Faulty) -> None:
    assert await messenger.send(amina(microsoft.service_url), CARD, "d1") == Sent("1")
    (call,) = microsoft.calls(POSTED)
    assert (call.path, call.authorized, call.delivery) == ("/v3/conversations/a:1/activities", True, "d1")
    assert (call.payload["summary"], call.payload["from"]) == ("Hello", {"id": BOT})


async def test_without_a_chat_one_is_created_first(messenger: TeamsMessenger, microsoft: Faulty) -> None:
    assert await messenger.send(amina(microsoft.service_url, ""), CARD, "d1") == Sent("2", "a:1")
    (created,) = microsoft.calls(CREATED)
    assert created.payload["members"] == [{"id": AMINA}]
    assert (created.payload["tenantId"], created.payload["isGroup"]) == (TENANT, False)
    assert microsoft.receipts == {"d1": 1}


async def test_a_card_is_replaced_under_its_own_id(messenger: TeamsMessenger, microsoft: Faulty) -> None:
    await messenger.replace(amina(microsoft.service_url, "a:1/x"), "17/0", CARD, "d1")
    (call,) = microsoft.received
    assert (call.method, call.path) == ("PUT", "/v3/conversations/a:1/x/activities/17/0")


OUTCOMES: dict[str, tuple[Any, type[Exception], str]] = {
    "too many": (TooMany(7), TryLater, "retry after 7 s"),
    "a moment": (precondition(), TryLater, "retry after"),
    "blocked": (blocked(), Unreachable, "status 403 Forbidden MessageWritesBlocked"),
    "blocked, no subcode": (blocked(subcode=False), Unreachable, "status 403 Forbidden"),
    "unknown": (Fails(404), Unreachable, "status 404"),
    "too large": (too_large(), Unreachable, "too large"),
    "bad request": (Fails(400), Unreachable, "status 400"),
    "redirected": (Fails(302), Unreachable, "status 302"),
    "gateway": (bad_gateway(), Unsure, "status 502"),
    "gateway time-out": (Fails(504), Unsure, "status 504"),
    "broken": (Fails(500), Unsure, "status 500"),
    "dropped": (Drop(), Unsure, "Server"),
    "token refused": (Fails(401), TryLater, "retry after 300 s"),
}


@pytest.mark.parametrize("case", OUTCOMES)
async def test_each_answer_means_one_thing(messenger: TeamsMessenger, microsoft: Faulty, case: str) -> None:
    fault, outcome, said = OUTCOMES[case]
    microsoft.script(POSTED, fault)
    with pytest.raises(outcome) as raised:
        await messenger.send(amina(microsoft.service_url), CARD, "d1")
    assert said in str(raised.value)
    assert len(microsoft.received) == 1


async def test_replacing_fails_as_sending_does(messenger: TeamsMessenger, microsoft: Faulty) -> None:
    microsoft.script(UPDATED, Fails(404), TooMany(3))
    with pytest.raises(Unreachable):
        await messenger.replace(amina(microsoft.service_url), "17", CARD, "d1")
    with pytest.raises(TryLater):
        await messenger.replace(amina(microsoft.service_url), "17", CARD, "d1")


@pytest.mark.parametrize("fault", [bad_gateway(), Drop()])
async def test_a_chat_that_was_not_created_carried_no_message(
    messenger: TeamsMessenger, microsoft: Faulty, fault: Any
) -> None:
    microsoft.script(CREATED, fault)
    with pytest.raises(NotSent):
        await messenger.send(amina(microsoft.service_url, ""), CARD, "d1")
    assert microsoft.receipts == {}


async def test_nobody_listening_means_not_sent(messenger: TeamsMessenger) -> None:
    with pytest.raises(NotSent):
        await messenger.send(amina(f"http://127.0.0.1:{free_port()}/"), CARD, "d1")


async def test_a_wait_may_be_asked_for_as_a_date(messenger: TeamsMessenger, microsoft: Faulty) -> None:
    microsoft.script(POSTED, TooMany(format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)))
    with pytest.raises(TryLater) as raised:
        await messenger.send(amina(microsoft.service_url), CARD, "d1")
    assert 25 < raised.value.seconds <= 30


async def test_without_being_told_the_wait_grows(messenger: TeamsMessenger, microsoft: Faulty) -> None:
    microsoft.script(POSTED, *[TooMany(None)] * 8)
    waits = []
    for _ in range(8):
        with pytest.raises(TryLater) as raised:
            await messenger.send(amina(microsoft.service_url), CARD, "d1")
        waits.append(raised.value.seconds)
    assert 1 <= waits[0] <= 2 < waits[3] <= 16
    assert 30 <= waits[-1] <= 60


async def test_a_token_that_cannot_be_had_means_not_sent(microsoft: Faulty) -> None:
    async def token() -> str:
        raise NotSent("no token: invalid_client")

    connector = Connector(token, loopback=True)
    with pytest.raises(NotSent, match="invalid_client"):
        await TeamsMessenger(connector, Pen(WORDS), BOT).send(amina(microsoft.service_url), CARD, "d1")
    await connector.close()
    assert microsoft.received == []


REFUSED = [
    "http://smba.trafficmanager.net/emea/",
    "https://evil.trafficmanager.net/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://user:word@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net:8443/",
    "https://evilbotframework.com/",
    "https://169.254.169.254/latest/meta-data",
    "http://127.0.0.1:3978/",
    "http://localhost/",
    "http://[::1]/",
    "file:///etc/passwd",
    "https://",
    "",
    "//smba.trafficmanager.net/",
    "https://[bad/",
]


async def no_token() -> str:
    pytest.fail("a token was asked for")


@pytest.mark.parametrize("url", REFUSED)
async def test_no_other_address_is_ever_called(url: str) -> None:
    connector = Connector(no_token)
    assert not connector.allows(url)
    with pytest.raises(Unreachable, match="not allowed"):
        await connector.call("GET", url, "v3/conversations")


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net/emea/",
        "https://SMBA.trafficmanager.net/amer/0a11ce00-0000-4000-8000-000000000001/",
        "https://smba.infra.gcc.teams.microsoft.com/teams",
        "https://webchat.botframework.com/",
    ],
)
def test_microsofts_addresses_are_allowed(url: str) -> None:
    assert Connector(no_token).allows(url)


def test_an_operator_may_name_more() -> None:
    connector = Connector(no_token, (*MICROSOFT_HOSTS, "relay.example.org"))
    assert connector.allows("https://relay.example.org/x")
    assert not connector.allows("https://a.relay.example.org/x")


def test_this_machine_is_allowed_only_without_authentication() -> None:
    connector = Connector(no_token, loopback=True)
    assert connector.allows("http://127.0.0.1:56150/_connector")
    assert not connector.allows("http://10.0.0.1/")
