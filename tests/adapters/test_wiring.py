from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from adapters.slack.app import PATH
from tests.peers.slack_payloads import SlackRequests
from tests.story.house import house


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
