"""Measures speed on this machine, each figure beside a peer's in the same run."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import platform
import sqlite3
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, time
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from aiohttp import ClientSession, TCPConnector, web

from adapters import logs, wiring
from adapters.cli.errors import said_plainly, screen
from adapters.cli.run import keep_for_good
from adapters.database.migrations import migrate
from adapters.settings import read
from adapters.slack import bare
from adapters.slack.app import PATH

SECRET = "bench-" + "s" * 26
KEY = "k" * 32
HOST = "127.0.0.1"
PEOPLE = 500
AT_ONCE = 8
ROUNDS = 3
PACED = 200  # requests a second at which the acknowledgement is timed
START_SECONDS = 30.0
LEAST_TABLES = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "CREATE TABLE seen (id TEXT PRIMARY KEY)",
    "CREATE TABLE person (id TEXT PRIMARY KEY, version INTEGER, used INTEGER)",
    "CREATE TABLE delivery (seq INTEGER PRIMARY KEY, key TEXT UNIQUE, person TEXT, card TEXT)",
)
LEAST_ROWS = (
    "INSERT INTO seen VALUES (:event)",
    "INSERT INTO person VALUES (:person, 1, 1) ON CONFLICT (id) DO UPDATE SET version = version + 1",
    "UPDATE person SET used = used + 1 WHERE id = :person",
    "INSERT INTO delivery (key, person, card) VALUES (:event, :person, :card)",
)
DUTIES: set[asyncio.Task[None]] = set()  # a task that nobody holds may vanish


def inbound(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    database: Annotated[str, typer.Option(help="Database URL; without it, a SQLite file that is thrown away.")] = "",
    requests: Annotated[int, typer.Option(help="Requests for each throughput figure, in each round.")] = 2000,
    seconds: Annotated[float, typer.Option(help="How long the paced load of a round lasts.")] = 5.0,
    rounds: Annotated[int, typer.Option(help="How often all is measured; the figures are medians.", min=1)] = ROUNDS,
) -> None:
    """Signed slash commands through a whole turn with its commit, beside a Bolt app that only echoes."""
    with said_plainly():
        found = _inbound(database, requests, seconds, rounds)
    if as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        screen.print(f"{name:>16}  {value}")


def _inbound(database: str, requests: int, seconds: float, times: int) -> dict[str, Any]:
    """One after the other, some rounds long: a machine's speed drifts, and the ratio of neighbours drifts less."""
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        rounds = [_round(url, requests, seconds) for _ in range(times)]
    turns, bare_bolt, writing_bolt, p99 = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    return {
        "turns_per_s": round(turns, 1),
        "bare_bolt_per_s": round(bare_bolt, 1),
        "ratio": round(statistics.median(one[0] / one[1] for one in rounds), 2),
        "p99_ack_ms": round(p99, 1),
        "writing_bolt_per_s": round(writing_bolt, 1),
        "ratio_to_writing_bolt": round(statistics.median(one[0] / one[2] for one in rounds), 2),
        "rounds": [[round(figure, 1) for figure in one] for one in rounds],
        "peer": "slack-bolt AsyncApp on aiohttp that acknowledges with the text, in the same run",
        "writing_peer": "the same, with the four rows of a turn written to SQLite by nothing but sqlite3",
        "paced_at_per_s": PACED,
        "database": url.split(":")[0],
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }


def _round(url: str, requests: int, seconds: float) -> tuple[float, float, float, float]:
    """(our turns a second, bare Bolt's answers a second, those of one that writes, 99th percentile in milliseconds)."""
    with _served(_bare) as port:
        bare_bolt = asyncio.run(_throughput(port, requests))
    with tempfile.TemporaryDirectory() as folder, _served(_writing, str(Path(folder) / "peer.db")) as port:
        writing_bolt = asyncio.run(_throughput(port, requests))
    with _served(_slack) as api, _served(_ours, url, str(api)) as port:
        return asyncio.run(_throughput(port, requests)), bare_bolt, writing_bolt, asyncio.run(_paced(port, seconds))


@contextmanager
def _served(serve: Callable[..., Awaitable[web.Application]], *given: str) -> Iterator[int]:
    """A server in a process of its own, so that the load does not share its interpreter; its port."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, serve, given), daemon=True)
    process.start()
    try:
        if not here.poll(START_SECONDS):
            raise RuntimeError("the server did not start")
        yield here.recv()
    finally:
        process.terminate()
        process.join(10)


def _serve(pipe: Connection, serve: Callable[..., Awaitable[web.Application]], given: tuple[str, ...]) -> None:
    logs.start("error")
    asyncio.run(_run(pipe, serve, given))


async def _run(pipe: Connection, serve: Callable[..., Awaitable[web.Application]], given: tuple[str, ...]) -> None:
    pipe.send(await _listen(await serve(*given)))
    await asyncio.Event().wait()


async def _listen(app: web.Application) -> int:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    port: int = runner.addresses[0][1]
    return port


async def _bare() -> web.Application:
    return bare.app(SECRET)


async def _writing(file: str) -> web.Application:
    """The least that a turn has to write, by hand. Between this and us lie reading, deciding and rendering."""
    database = sqlite3.connect(file, isolation_level=None)
    for statement in LEAST_TABLES:
        database.execute(statement)
    events = count(1)

    def write(command: Mapping[str, Any]) -> None:
        given = {"event": f"{command['trigger_id']}:{next(events)}", "person": command["user_id"], "card": "x" * 1000}
        database.execute("BEGIN IMMEDIATE")
        for statement in LEAST_ROWS:
            database.execute(statement, given)
        database.execute("COMMIT")

    return bare.app(SECRET, write)


async def _ours(database_url: str, api: str) -> web.Application:
    """The whole thing, as ``serve`` runs it. api: port of a Slack."""
    settings = read(
        upstander_key=KEY,
        database_url=database_url,
        public_url=f"http://{HOST}",
        slack_bot_token=SECRET,
        slack_signing_secret=SECRET,
        slack_api_url=f"http://{HOST}:{api}/api/",
        send_rate=50,
    )
    built = await wiring.build(settings)
    DUTIES.add(asyncio.create_task(built.keep_duty()))
    keep_for_good()
    return wiring.web_app(built)


async def _slack() -> web.Application:
    """Accepts everything."""
    numbers = count(1)

    async def answer(request: web.Request) -> web.Response:
        profile = {"id": "U1", "tz": "UTC", "locale": "en-US", "profile": {"real_name": "Sam"}}
        ts = f"1700000000.{next(numbers):06}"
        return web.json_response({"ok": True, "user": profile, "ts": ts, "channel": "D1", "message": {}})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    return app


async def _throughput(port: int, requests: int) -> float:
    """Answers a second with ``AT_ONCE`` requests under way, after everybody has said hello once."""
    numbers = iter(range(requests))
    async with _client() as session:
        await asyncio.gather(*(_worker(session, port, iter(range(n, PEOPLE, AT_ONCE))) for n in range(AT_ONCE)))
        started = perf_counter()
        await asyncio.gather(*(_worker(session, port, numbers) for _ in range(AT_ONCE)))
        return requests / (perf_counter() - started)


async def _worker(session: ClientSession, port: int, numbers: Iterator[int]) -> None:
    for number in numbers:
        await _command(session, port, number)


async def _paced(port: int, seconds: float) -> float:
    """The 99th percentile of the time to an answer, in milliseconds, at ``PACED`` requests a second."""
    async with _client() as session:
        loop, tasks = asyncio.get_running_loop(), []
        started = loop.time()
        for number in range(int(PACED * seconds)):
            await asyncio.sleep(max(0.0, started + number / PACED - loop.time()))
            tasks.append(asyncio.create_task(_command(session, port, number)))
        taken = await asyncio.gather(*tasks)
    return statistics.quantiles(taken, n=100)[98] * 1000


def _client() -> ClientSession:
    return ClientSession(connector=TCPConnector(limit=0))


async def _command(session: ClientSession, port: int, number: int) -> float:
    """Seconds until the answer. Raises when it is not 200."""
    body = urlencode(
        {
            "command": "/upstander",
            "text": "help",
            "user_id": f"U{number % PEOPLE:04}",
            "team_id": "T1",
            "channel_id": "C1",
            "trigger_id": f"{number}.{perf_counter()}",
            "response_url": f"http://{HOST}/none",
            "api_app_id": "A1",
        }
    )
    headers = bare.signed(body, SECRET, str(int(time())))
    started = perf_counter()
    async with session.post(f"http://{HOST}:{port}{PATH}", data=body, headers=headers) as response:
        response.raise_for_status()
        await response.read()
    return perf_counter() - started
