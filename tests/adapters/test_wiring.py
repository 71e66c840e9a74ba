from __future__ import annotations

from pathlib import Path

from aiohttp import ClientSession

from tests.story.house import house


async def test_a_server_without_slack_or_teams_is_ready(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/house.db") as home, ClientSession(home.url) as browser:
        answer = await browser.get("/readyz")
        assert (answer.status, await answer.json()) == (
            200,
            {"ready": True, "database": True, "slack": "off", "teams": "off"},
        )
