"""What wiring puts together: the parts work alone, and here it shows that they were given to each other."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.slack import app
from adapters.slack.app import PATH
from adapters.teams.app import ROUTE
from tests.peers.faulty import Faulty, Ok, faulty
from tests.peers.slack_payloads import SlackRequests
from tests.story.house import house
from tests.waiting import until

MANIFEST = json.loads((Path(app.__file__).parent / "manifest.json").read_text(encoding="utf-8"))
PROMPTS = MANIFEST["features"]["agent_view"]["suggested_prompts"]
TEAMS: dict[str, Any] = {"teams_app_id": "app", "teams_app_password": "secret", "teams_tenant_id": "tenant"}
SPANISH = {"id": "U0AMINA001", "tz": "America/Bogota", "locale": "es-419", "profile": {"real_name": "Amina"}}


async def test_a_server_without_slack_or_teams_is_ready(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/house.db") as home, ClientSession(home.url) as browser:
        answer = await browser.get("/readyz")
        assert (answer.status, await answer.json()) == (
            200,
            {"ready": True, "database": True, "slack": "off", "teams": "off", "articles": "current"},
        )


async def test_a_removed_slack_app_is_told_and_keeps_no_other_front_from_serving(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/house.db"
    slack: dict[str, Any] = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "secret"}
    async with house(url, **slack) as home, ClientSession(home.url) as browser:
        assert (await (await browser.get("/readyz")).json())["slack"] == "on"
        body, headers = SlackRequests("secret").uninstalled()
        assert (await browser.post(PATH, data=body, headers=headers)).status == 200
        answer = await browser.get("/readyz")
        assert (answer.status, (await answer.json())["slack"]) == (200, "removed")


async def test_a_server_whose_tables_went_away_is_not_ready(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/house.db") as home, ClientSession(home.url) as browser:
        assert (await browser.get("/readyz")).status == 200
        with closing(sqlite3.connect(tmp_path / "house.db")) as connection:
            connection.execute("DROP TABLE alembic_version")
        answer = await browser.get("/readyz")
        assert (answer.status, await answer.json()) == (503, {"ready": False})
        assert (await browser.get("/healthz")).status == 200


@pytest.mark.parametrize(("settings", "status"), [({}, 404), (TEAMS, 401)])
async def test_without_credentials_the_route_of_teams_does_not_exist(
    tmp_path: Path, settings: dict[str, Any], status: int
) -> None:
    async with house(f"sqlite:///{tmp_path}/house.db", **settings) as home, ClientSession(home.url) as browser:
        assert (await browser.post(ROUTE, json={"type": "message"})).status == status


async def test_without_a_signing_secret_the_route_of_slack_does_not_exist(tmp_path: Path) -> None:
    socket: dict[str, Any] = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    async with house(f"sqlite:///{tmp_path}/house.db", **socket) as home, ClientSession(home.url) as browser:
        body, headers = SlackRequests("any").said("hello")
        assert (await browser.post(PATH, data=body, headers=headers)).status == 404


async def brought(folder: Path, platform: Faulty, call: str) -> str:
    """What Slack is asked in ``call`` when Amina opens the messages of the app for the first time; as JSON."""
    slack: dict[str, Any] = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "secret"}
    url = f"sqlite:///{folder}/house.db"
    async with house(url, slack_api_url=platform.slack_url, **slack) as home, ClientSession(home.url) as browser:
        body, headers = SlackRequests("secret").opened("messages")
        assert (await browser.post(PATH, data=body, headers=headers)).status == 200
        await until(lambda: platform.calls(call))
        return json.dumps(platform.calls(call)[0].payload, ensure_ascii=False)


async def test_what_slack_suggests_are_the_prompts_of_the_manifest(tmp_path: Path) -> None:
    async with faulty() as platform:
        shown = json.loads(await brought(tmp_path, platform, "assistant.threads.setSuggestedPrompts"))["prompts"]
    assert (json.loads(shown) if isinstance(shown, str) else shown) == PROMPTS


async def test_whose_slack_is_in_spanish_is_greeted_in_spanish(tmp_path: Path) -> None:
    async with faulty() as platform:
        platform.script("users.info", Ok({"ok": True, "user": SPANISH}))
        assert "Hola, soy Upstander" in await brought(tmp_path, platform, "chat.postMessage")
