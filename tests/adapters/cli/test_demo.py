"""The demo as somebody starts it: in a process of its own, on a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from adapters.cli.run import DEMO_PEOPLE
from adapters.directory import csv_file
from bot.learning.summary import FEWEST
from tests.peers.loopback import free_port

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class Demo:
    """said: what it printed until it was ready."""

    process: subprocess.Popen[str]
    said: list[str]

    @property
    def url(self) -> str:
        return self.said[-1]

    def get(self, path: str) -> str:
        with urlopen(self.url + path, timeout=PATIENCE) as response:
            text: str = response.read().decode()
            return text

    def post(self, name: str, **body: object) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        request = Request(f"{self.url}/play/api/{name}", json.dumps(body).encode(), headers)
        with urlopen(request, timeout=PATIENCE) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    def sam(self) -> dict[str, Any]:
        """What the page would show of him, and what time it is."""
        user = self.get("/").split("Sam Okoro")[0].rpartition('data-user="')[2].partition('"')[0]
        shown: dict[str, Any] = json.loads(self.get(f"/play/api/person?person={quote(user)}"))
        return shown

    def leave(self) -> int:
        """As Ctrl-C does; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


Start = Callable[..., Demo]


def test_the_demo_has_somebody_in_every_role_and_teams_that_are_counted() -> None:
    people = csv_file.read(DEMO_PEOPLE)
    assert Counter(person.role for person in people) == {"employee": 12, "manager": 2, "hr": 2, "counsel": 1}
    assert {person.language for person in people} == {"en", "es"}
    assert len({person.zone for person in people}) > 10
    teams = Counter(person.manager_email for person in people if person.manager_email)
    assert len(teams) == 2 and min(teams.values()) > FEWEST


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as running:

        def started(*words: str) -> Demo:
            command = (sys.executable, "-m", "bot", "demo", *words)
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": "", "SLACK_BOT_TOKEN": "xoxb-1"}
            process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
            running.enter_context(process)
            running.callback(process.kill)
            assert process.stdout
            said = [process.stdout.readline().rstrip("\n")]
            while said[-1] and not said[-1].startswith("http"):
                said.append(process.stdout.readline().rstrip("\n"))
            return Demo(process, said)

        yield started


def test_it_prints_its_address_last_and_stops_on_ctrl_c(start: Start) -> None:
    port = free_port()
    demo = start("--port", str(port))
    assert demo.said == [
        "Upstander is running; nothing leaves this machine. Ctrl-C to stop.",
        f"http://127.0.0.1:{port}",
    ]
    assert "nothing leaves this machine" in demo.get("/")
    assert demo.leave() == 0
    assert demo.process.stdout and demo.process.stdout.read() == ""


def test_a_port_that_is_taken_leads_to_the_next_free_one(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        demo = start("--port", str(taken))
        assert taken < int(demo.url.rpartition(":")[2]) < taken + 50
        assert "Upstander" in demo.get("/")


def test_the_browser_is_opened_at_the_address_that_is_printed_and_only_when_asked_for(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" >> "{seen}"\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    for words, opened in (((), ""), (("--open",), "{url}")):
        demo = start("--port", str(free_port()), *words)
        assert "Upstander" in demo.get("/")  # the browser is called first
        assert demo.leave() == 0
        assert (seen.read_text() if seen.exists() else "") == opened.format(url=demo.url)


def test_a_restart_keeps_people_and_clock_and_fresh_forgets_them(start: Start, tmp_path: Path) -> None:
    neighbour = tmp_path / "upstander-demo.csv"
    neighbour.write_text("mine")
    port = ("--port", str(free_port()))
    first = start(*port)
    before = first.sam()
    move(first, before["user"])
    settings = {"language": "es", "zone": "Asia/Tokyo", "start": "09:00", "end": "17:00", "days": "0\n1", "quiet": ""}
    first.post("submit", person=before["user"], form="settings.save", value="", entry="", fields=settings)
    assert first.leave() == 0

    again = start(*port)
    kept = again.sam()
    assert (kept["user"], kept["zone"], kept["language"]) == (before["user"], "Asia/Tokyo", "es")
    assert ahead(before, kept) > timedelta(hours=23)
    assert again.leave() == 0

    new = start(*port, "--fresh").sam()
    assert (new["zone"], new["language"]) == ("Europe/London", "en")
    assert ahead(before, new) < timedelta(hours=1)
    assert neighbour.read_text() == "mine"


def move(demo: Demo, user: str) -> None:
    """A day ahead, and there."""
    there = datetime.fromisoformat(demo.sam()["now"]) + timedelta(hours=24)
    demo.post("clock", person=user, leap="day")
    until = time.monotonic() + PATIENCE
    while datetime.fromisoformat(demo.sam()["now"]) < there:
        assert time.monotonic() < until, "the clock did not arrive"
        time.sleep(0.1)


def ahead(before: dict[str, Any], now: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(now["now"]) - datetime.fromisoformat(before["now"])


@pytest.mark.parametrize("words", [(), ("--fresh",)])
def test_a_second_demo_on_the_same_file_is_refused_plainly(
    start: Start, tmp_path: Path, words: tuple[str, ...]
) -> None:
    first = start("--port", str(free_port()))
    command = (sys.executable, "-m", "bot", "demo", *words)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    second = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert second.returncode == 2
    assert second.stderr.startswith("upstander-demo.db is already in use by another process")
    assert first.sam()["name"] == "Sam Okoro"
