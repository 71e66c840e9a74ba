"""serve, work, demo and migrate: everything that keeps running, and what has to be done before."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import secrets
import signal
import socket
import webbrowser
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web

from adapters import logs, wiring
from adapters.cli.errors import refuse, said_plainly, screen
from adapters.clock.clock import JumpingClock
from adapters.database.lock import FileLock
from adapters.database.migrations import migrate as migrate_tables
from adapters.directory import csv_file
from adapters.settings import Settings, for_serving, read
from adapters.teams.manifest.package import package

DEMO_PEOPLE = Path(__file__).parent / "demo_people.csv"
DEMO_FILE = Path("upstander-demo.db")
PORTS = 50

Host = Annotated[str, typer.Option(help="Address to listen on.")]


def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Answer Slack and Teams, show cases, send what is due."""
    with said_plainly():
        settings = for_serving(read(), host)
        logs.start(settings.log_level)
        asyncio.run(_serve(settings, host, port))


def work() -> None:
    """Send what is due, without listening. On PostgreSQL it stands by and takes over when no server is on duty."""
    with said_plainly():
        settings = for_serving(read(), "127.0.0.1")
        logs.start(settings.log_level)
        if settings.database_url.startswith("sqlite"):
            raise refuse("DATABASE_URL: a worker of its own needs PostgreSQL; with SQLite `serve` does the sending")
        asyncio.run(_work(settings))


def migrate() -> None:
    """Bring the tables of DATABASE_URL to this version. Safe to run at every deploy."""
    with said_plainly():
        settings = read()
        logs.start(settings.log_level)
        migrate_tables(settings.database_url)
        screen.print("The tables are up to date.")


def demo(
    port: Annotated[int, typer.Option(help="Port to listen on; the next free one when it is taken.")] = 8000,
    open: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the last demo and start anew.")] = False,
    database: Annotated[Path, typer.Option(help="File to keep the demo in.")] = DEMO_FILE,
) -> None:
    """Try everything in a browser: no account, nothing leaves this machine."""
    with said_plainly():
        logs.start("warning")
        asyncio.run(_demo(Desk(database), port, open, fresh))


def teams_app(
    to: Annotated[Path, typer.Option(help="File to write.")] = Path("upstander-teams.zip"),
) -> None:
    """Write the app package to upload in the Teams admin centre."""
    with said_plainly():
        settings = read()
        if not settings.teams_app_id or not settings.public_url:
            raise refuse("TEAMS_APP_ID and PUBLIC_URL: set both first; they are part of the package")
        to.write_bytes(package(settings.teams_app_id, settings.organisation, settings.public_url))
        screen.print(f"Wrote {to}.")


async def _serve(settings: Settings, host: str, port: int) -> None:
    built = await wiring.build(settings, host=host)
    keep_for_good()
    try:
        async with _listening(wiring.web_app(built), host, port):
            sockets = [built.slack.serve_socket_mode()] if built.slack and _in_socket_mode(settings) else []
            await _run(built.keep_duty(), built.keep_shelf(), *sockets)
    finally:
        await built.close()


def keep_for_good() -> None:
    """What was read at the start stays, so the garbage collector need not walk it, which stops the loop for 0.1 s."""
    gc.collect()
    gc.freeze()


async def _work(settings: Settings) -> None:
    built = await wiring.build(settings)
    keep_for_good()
    try:
        await _run(built.keep_duty(), built.keep_shelf())
    finally:
        await built.close()


def _in_socket_mode(settings: Settings) -> bool:
    return bool(settings.slack_app_token.get_secret_value())


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """Access logs are off: a path can hold more than it should. Ends the command when the port cannot be had."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await _bind(runner, host, port)
        yield
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as wrong:
        raise refuse(f"--port: cannot listen on {host}, port {port}: {os.strerror(wrong.errno or 0)}") from None


async def _run(*work: Coroutine[Any, Any, None]) -> None:
    """Until Ctrl-C, or whoever runs us says so. Raises what ends one of ``work`` too early."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, told.set)
    tasks = [asyncio.create_task(told.wait()), *(asyncio.create_task(one) for one in work)]
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in done:
        task.result()


@dataclass(frozen=True, slots=True)
class Desk:
    """The demo's files, side by side: the database, and a note of its key and of how far its clock is ahead."""

    database: Path

    @property
    def note(self) -> Path:
        return self.database.with_suffix(".json")

    def clear(self) -> None:
        """Nothing but its own files. Raises AlreadyOpen while a demo uses them."""
        FileLock(self.database).release()
        for own in ("", "-wal", "-shm", "-journal", ".lock"):
            self.database.with_name(self.database.name + own).unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def read(self) -> dict[str, str]:
        """A new key when there is no note, or none that can be read."""
        with suppress(OSError, ValueError):
            noted = json.loads(self.note.read_text())
            return {"key": str(noted["key"]), "ahead": str(float(noted["ahead"]))}
        return {"key": secrets.token_hex(32), "ahead": "0"}

    def write(self, key: str, ahead: timedelta) -> None:
        self.note.touch(mode=0o600)
        self.note.write_text(json.dumps({"key": key, "ahead": ahead.total_seconds()}))


async def _demo(desk: Desk, port: int, open: bool, fresh: bool) -> None:
    if fresh:
        desk.clear()
    noted = desk.read()
    desk.write(noted["key"], timedelta(seconds=float(noted["ahead"])))
    host = "127.0.0.1"
    free = _free_port(host, port)
    settings = read(
        upstander_key=noted["key"],
        database_url=f"sqlite:///{desk.database}",
        public_url=f"http://{host}:{free}",
        organisation="Harbour & Pine",
        contact="Noor Haddad or Malik Brooks in HR, ext. 4410",
        slack_bot_token="",
        teams_app_id="",
    )
    migrate_tables(settings.database_url)
    ahead = timedelta(seconds=float(noted["ahead"]))
    clock = wiring.DemoClock(JumpingClock(ahead), lambda moved: desk.write(noted["key"], moved))
    built = await wiring.build(settings, clock)
    await _seed(built)
    app, _ = await wiring.playground(built, clock)
    try:
        async with _listening(app, host, free):
            screen.print("Upstander is running; nothing leaves this machine. Ctrl-C to stop.")
            screen.print(f"http://{host}:{free}")
            if open:
                webbrowser.open(f"http://{host}:{free}")
            await _run(built.keep_duty(), built.keep_shelf())
    finally:
        await built.close()


async def _seed(built: wiring.Upstander) -> None:
    people = built.database.people
    await people.apply(await people.plan_roster(csv_file.read(DEMO_PEOPLE)))


def _free_port(host: str, first: int) -> int:
    """The first free port from ``first`` on."""
    for port in range(first, first + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((host, port))
                return port
    raise refuse(f"no free port from {first} to {first + PORTS - 1}")
