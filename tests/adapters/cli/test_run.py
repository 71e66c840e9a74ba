"""migrate, serve, work and teams-app: what has to be there before anything runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from aiohttp import web

from tests.adapters.cli.conftest import Terminal
from tests.adapters.slack.test_socket_mode import Socket, envelope
from tests.adapters.test_librarian import PARKING
from tests.peers.faulty import Ok, faulty
from tests.peers.loopback import free_port, served

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0  # seconds, far beyond what it takes


def test_migrating_twice_changes_nothing(terminal: Terminal) -> None:
    for _ in range(2):
        assert terminal("migrate").output == "The tables are up to date.\n"


@pytest.mark.parametrize("url", ["mysql://x/y", "upstander.db", ""])
def test_a_database_that_we_cannot_use_is_named_by_its_setting(terminal: Terminal, url: str) -> None:
    told = terminal("migrate", code=2, DATABASE_URL=url).stderr
    assert told == "DATABASE_URL: must start with sqlite:/// or postgres://\n"


def test_a_folder_that_is_not_there_is_named(terminal: Terminal) -> None:
    told = terminal("migrate", code=2, DATABASE_URL="sqlite:////nowhere/at/all.db").stderr
    assert told == "/nowhere/at/all.db.lock: No such file or directory\n"


def test_serve_refuses_to_start_without_a_key(office: Terminal) -> None:
    assert office("serve", code=2, UPSTANDER_KEY="").stderr.startswith("UPSTANDER_KEY: is missing")


def test_serve_refuses_a_short_key_and_does_not_repeat_it(office: Terminal) -> None:
    told = office("serve", code=2, UPSTANDER_KEY="hunter2")
    assert "UPSTANDER_KEY: needs 32 characters or more" in told.stderr and "hunter2" not in told.output


def test_serve_refuses_teams_without_authentication_on_an_open_address(office: Terminal) -> None:
    teams: dict[str, Any] = {"TEAMS_APP_ID": "app", "TEAMS_AUTH": "off", "PUBLIC_URL": "https://upstander.example"}
    told = office("serve", "--host", "0.0.0.0", code=2, **teams).stderr
    assert told == "TEAMS_AUTH: off is only for 127.0.0.1, and this server listens on 0.0.0.0\n"


def test_serve_refuses_tables_of_another_version(terminal: Terminal) -> None:
    assert "run: python -m bot migrate" in terminal("serve", code=2).stderr


def test_serve_says_so_when_its_port_is_taken(office: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = office("serve", "--port", port, code=2).stderr
    assert told == f"--port: cannot listen on 127.0.0.1, port {port}: Address already in use\n"


def test_a_worker_of_its_own_needs_postgresql(office: Terminal) -> None:
    assert office("work", code=2).stderr.startswith("DATABASE_URL: a worker of its own needs PostgreSQL")


def test_serve_answers_until_it_is_told_to_stop(office: Terminal) -> None:
    port = free_port()
    command = (sys.executable, "-m", "bot", "serve", "--port", str(port))
    server = subprocess.Popen(command, cwd=office.folder, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        assert _answer(f"http://127.0.0.1:{port}/healthz") == b'{"alive": true}'
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0
    finally:
        server.kill()


def test_serve_reads_own_articles_in_and_logs_json_alone(office: Terminal) -> None:
    page, port = office.folder / "own" / "en" / "parking.md", free_port()
    page.parent.mkdir(parents=True)
    page.write_text(PARKING)
    command = (sys.executable, "-m", "bot", "serve", "--port", str(port))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OWN_ARTICLES": str(office.folder / "own")}
    with (office.folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=office.folder, env=environment, stderr=log)
    try:
        assert b"The reception prints it." in _answer(f"http://127.0.0.1:{port}/guide/parking")
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0
    finally:
        server.kill()
    lines = (office.folder / "log").read_text().splitlines()
    assert "own articles read in" in [json.loads(line)["event"] for line in lines]


async def test_serve_with_an_app_token_talks_to_slack_through_a_socket(office: Terminal) -> None:
    """The settings of the README's ten minutes: no signing secret, no address that Slack could reach."""
    socket, app = Socket([envelope("e1", "slash_commands", "command")]), web.Application()
    app.router.add_get("/link", socket.talk)
    async with served(app) as url, faulty() as slack:
        slack.script("apps.connections.open", Ok({"ok": True, "url": url.replace("http", "ws") + "/link"}))
        tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": slack.slack_url}
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve", "--port", str(free_port())),
            cwd=office.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PUBLIC_URL": "https://upstander.example", **tokens},
        )
        try:
            await asyncio.wait_for(socket.complete.wait(), PATIENCE)
            server.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(server.wait(), PATIENCE) == 0
        finally:
            if server.returncode is None:
                server.kill()
    assert socket.answers == {"e1": None}


def _answer(url: str) -> bytes:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(URLError), urlopen(url) as response:
            answer: bytes = response.read()
            return answer
        time.sleep(0.1)
    raise AssertionError(f"nobody answers at {url}")


def test_the_teams_app_is_written(terminal: Terminal) -> None:
    settings: dict[str, Any] = {
        "TEAMS_APP_ID": "5f2a7c1e-0000-4000-8000-000000000000",
        "TEAMS_APP_PASSWORD": "secret",
        "TEAMS_TENANT_ID": "tenant",
        "PUBLIC_URL": "https://upstander.example",
    }
    assert "Wrote upstander-teams.zip." in terminal("teams-app", **settings).output
    with zipfile.ZipFile(terminal.folder / "upstander-teams.zip") as package:
        assert "manifest.json" in package.namelist()
        assert settings["TEAMS_APP_ID"].encode() in package.read("manifest.json")


def test_the_teams_app_needs_its_settings(terminal: Terminal) -> None:
    assert terminal("teams-app", code=2).stderr.startswith("TEAMS_APP_ID and PUBLIC_URL: ")
