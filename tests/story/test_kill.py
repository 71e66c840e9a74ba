"""A server is killed in the middle of a push: nobody is lost, and nobody gets a lesson twice without anybody knowing.

The server is ``python -m bot serve`` in a process of its own. What may have arrived is uncertain, is not sent again,
and is counted where HR looks; after a polite end nothing is uncertain.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp
import pytest

from adapters.slack.app import PATH
from tests.peers.faulty import Faulty, Received, Slow, faulty
from tests.peers.slack_payloads import SlackRequests
from tests.story.serving import SECRET, START_SECONDS, Host, Server
from tests.waiting import until

PEOPLE = 200
BOUND = 16  # rows that one process may have marked and not yet written: a chunk and a window of adapters.delivery.drain
LATENCY = 0.05  # seconds that Slack takes, so that some messages are under way whenever the server dies
QUIET = 2.0  # seconds without a message, after which a push is over
SOON = 4.0  # seconds
TAKEOVER = 10.0
POST = "chat.postMessage"


@dataclass(slots=True)
class Push:
    """A lesson on its way to two hundred people."""

    host: Host
    slack: Faulty

    async def reaches(self, count: int, seconds: float = 30) -> None:
        """Slack was asked to post a lesson to so many."""
        await until(lambda: len(self.lessons()) >= count, seconds)

    async def is_over(self) -> None:
        """Everybody has been written to, or only uncertain ones are left and it is quiet."""
        await self.reaches(PEOPLE - BOUND)
        seen = 0
        while seen < len(self.lessons()) < PEOPLE:
            seen = len(self.lessons())
            with suppress(TimeoutError):
                await self.reaches(seen + 1, QUIET)

    def lessons(self) -> Counter[str]:
        """Channel -> how often Slack was asked to post a lesson there."""
        return Counter(str(post.payload["channel"]) for post in self.slack.calls(POST) if _is_lesson(post.payload))


def _is_lesson(payload: dict[str, object]) -> bool:
    return payload["text"] == "A short lesson for you"


@asynccontextmanager
async def push(database: str, rate: int = 50) -> AsyncIterator[Push]:
    async with faulty() as slack:
        slack.script(POST, *[Slow(LATENCY)] * 3 * PEOPLE)
        host = Host(database, slack.slack_url, rate)
        await host.schedule(PEOPLE)
        yield Push(host, slack)


async def test_after_a_kill_nobody_is_lost_and_nobody_gets_it_twice(empty_url: str) -> None:
    async with push(empty_url) as p:
        async with p.host.serve() as server:
            await p.reaches(PEOPLE // 2)
            assert await server.ends(signal.SIGKILL) == -signal.SIGKILL
        async with p.host.serve() as server:
            await p.is_over()
            assert await server.ends(signal.SIGTERM) == 0
        status = await p.host.status()
        assert_accounted_for(p, status)
        assert int(status["Not confirmed by the platform"]) >= 1  # else the kill missed


def assert_accounted_for(p: Push, status: dict[str, str]) -> None:
    sent, uncertain = int(status["Sent"]), int(status["Not confirmed by the platform"])
    asked = p.lessons()
    assert max(asked.values()) == 1
    assert sent + uncertain == int(status["Planned"]) == PEOPLE
    assert uncertain <= BOUND
    assert sent <= len(asked) <= PEOPLE
    assert max(p.slack.receipts.values()) == 1
    assert status["Could not be sent"] == "0"


async def test_after_a_polite_end_nothing_is_uncertain(empty_url: str) -> None:
    async with push(empty_url) as p:
        async with p.host.serve() as server:
            await p.reaches(PEOPLE // 2)
            assert await server.ends(signal.SIGTERM) == 0
        halfway = await p.host.status()
        assert PEOPLE // 2 <= int(halfway["Sent"]) == len(p.lessons()) < PEOPLE
        assert halfway["Not confirmed by the platform"] == "0"
        async with p.host.serve() as server:
            await p.reaches(PEOPLE)
            assert await server.ends(signal.SIGTERM) == 0
        status = await p.host.status()
        assert_accounted_for(p, status)
        assert status["Sent"] == str(PEOPLE)


@pytest.mark.postgres
async def test_the_other_server_takes_over_and_both_answer(postgres_database: str) -> None:
    """Only one sends at a time; what the other commits meanwhile, it tells."""
    async with push(postgres_database, rate=20) as p, p.host.serve() as one, p.host.serve() as two:
        await until(lambda: one.on_duty or two.on_duty, START_SECONDS)
        first, second = (one, two) if one.on_duty else (two, one)
        await one.ready()
        await two.ready()
        for user in ("U1", "U2", "U3"):
            await answers(p, second, user)
        await answers(p, first, "U4")
        assert not second.on_duty
        await p.reaches(PEOPLE // 2)
        assert await first.ends(signal.SIGKILL) == -signal.SIGKILL
        await p.reaches(len(p.lessons()) + 2, TAKEOVER)
        assert second.on_duty
        await answers(p, second, "U5")
        await p.is_over()
        assert await second.ends(signal.SIGTERM) == 0
        assert_accounted_for(p, await p.host.status())


@pytest.mark.postgres
async def test_a_worker_of_its_own_sends_what_no_server_is_there_to_send(postgres_database: str) -> None:
    async with push(postgres_database) as p, p.host.work() as worker:
        await p.reaches(PEOPLE)
        assert worker.on_duty
        assert await worker.ends(signal.SIGTERM) == 0
        status = await p.host.status()
        assert_accounted_for(p, status)
        assert status["Sent"] == str(PEOPLE)


async def answers(p: Push, server: Server, user: str) -> None:
    """A command to this server is answered sooner than a round of the clock, every fifteen seconds, could find it."""
    slack = SlackRequests(SECRET, team="T1", user=user, channel=f"D{user[1:]}", trigger_id=f"{server.url} {user}")
    body, headers = slack.command("help")
    async with aiohttp.ClientSession() as http, http.post(server.url + PATH, data=body, headers=headers) as answer:
        assert answer.status == 200
    await until(lambda: f"D{user[1:]}" in [str(post.payload["channel"]) for post in helps(p)], SOON)


def helps(p: Push) -> list[Received]:
    return [post for post in p.slack.calls(POST) if post.payload["text"] == "What you can do here"]
