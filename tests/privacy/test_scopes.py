"""What Upstander may see of a workspace (R14, S6, S17). Asking for more has to change this file, in plain sight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters import slack, teams
from adapters.database.retention import LINKS, MESSAGES, SEEN
from adapters.settings import Settings
from bot.dialogues.case import LINK_LIVES, PAGE_LIVES
from bot.people import CASE_READERS, Role

SLACK: dict[str, Any] = json.loads((Path(slack.__file__).parent / "manifest.json").read_text(encoding="utf-8"))
TEAMS: dict[str, Any] = json.loads((Path(teams.__file__).parent / "manifest/manifest.json").read_text(encoding="utf-8"))


def test_slack_is_asked_for_these_scopes_and_no_others() -> None:
    """im:history is what people write to the bot itself, and where it looks for messages of its own."""
    asked = SLACK["oauth_config"]["scopes"]
    own = {"assistant:write", "chat:write", "commands", "im:history"}
    assert {kind: set(scopes) for kind, scopes in asked.items()} == {"bot": own | {"users:read", "users:read.email"}}


def test_slack_tells_us_of_these_events_and_no_others() -> None:
    told = SLACK["settings"]["event_subscriptions"]
    assert told.keys() == {"request_url", "bot_events"}
    about_us = {"app_home_opened", "app_uninstalled", "tokens_revoked"}
    assert set(told["bot_events"]) == about_us | {"message.im", "user_change"}


def test_teams_is_asked_for_no_permission_at_all() -> None:
    """Neither in the shared places (ChannelMessage.Read and its like stand in ``authorization``) nor on the device."""
    asking = {"authorization", "webApplicationInfo", "devicePermissions", "graphConnectors", "composeExtensions"}
    asking |= {"configurableTabs", "staticTabs", "connectors", "meetingExtensionDefinition", "validDomains"}
    assert {name: TEAMS[name] for name in asking if TEAMS.get(name)} == {}
    (bot,) = TEAMS["bots"]
    assert bot["scopes"] == ["personal"]
    assert not any(bot[name] for name in ("supportsFiles", "supportsCalling", "supportsVideo"))


@pytest.mark.parametrize("manifest", [SLACK, TEAMS], ids=["slack", "teams"])
def test_no_manifest_reads_what_people_write_to_each_other(manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest)
    reading = (
        "channels:",
        "groups:",
        "mpim:",
        "search:",
        "files:",
        "reactions:",
        "ChannelMessage",
        "ChatMessage",
        "Chat.",
    )
    assert [scope for scope in reading if scope in text] == []


def test_there_is_no_administrator_who_could_read_a_report() -> None:
    """Whoever runs the system has no role in it; the two roles that read reports read those they are named in."""
    assert {role.value for role in Role} == {"employee", "manager", "hr", "counsel"}
    assert set(CASE_READERS) == {Role.HR, Role.COUNSEL}
    assert not [name for name in Settings.model_fields if "admin" in name or "reader" in name]


def test_nothing_is_kept_for_longer_than_before() -> None:
    kept = {"seen": SEEN.days, "messages": MESSAGES.days, "links": LINKS.days}
    assert kept == {"seen": 14, "messages": 400, "links": 1}
    assert (LINK_LIVES.seconds, PAGE_LIVES.seconds) == (600, 1200)
