"""Our own token comes from Entra, and without one nothing was sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.ports import NotSent, TryLater
from adapters.teams.access import LOCKED_OUT, SCOPES, Access, no_token


@dataclass(slots=True)
class Entra:
    """Stands for MSAL's client: answers as told, or raises."""

    answer: Any
    asked: list[list[str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def acquire_token_for_client(self, scopes: list[str]) -> Any:
        self.asked.append(scopes)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.at_once -= 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def access(entra: Entra) -> Access:
    return Access("app", "secret", "tenant", entra)


async def test_a_token_is_asked_for_the_bot_framework_one_at_a_time() -> None:
    entra = Entra({"access_token": "a-token", "expires_in": 3600})
    token = access(entra)
    assert await asyncio.gather(*(token() for _ in range(5))) == ["a-token"] * 5
    assert entra.asked == [SCOPES] * 5
    assert entra.most_at_once == 1


async def test_a_secret_that_expired_holds_the_messages_and_the_log_says_its_code_and_nothing_else() -> None:
    refused = Entra({"error": "invalid_client", "error_description": "AADSTS7000222: secret CANARY"})
    with capture_logs() as logs, pytest.raises(TryLater) as raised:
        await access(refused)()
    assert raised.value.seconds == LOCKED_OUT
    assert logs == [{"event": "teams token refused", "log_level": "error", "error": "invalid_client"}]


async def test_a_network_that_fails_says_its_kind_and_nothing_else() -> None:
    with pytest.raises(NotSent) as raised:
        await access(Entra(ConnectionError("to CANARY")))()
    assert str(raised.value) == "no token: ConnectionError"
    assert raised.value.__suppress_context__


async def test_the_playground_wants_no_token() -> None:
    assert await no_token() == ""
