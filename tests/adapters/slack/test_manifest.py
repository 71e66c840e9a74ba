"""The manifest and the handlers name the same things, and Slack takes the manifest."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from adapters.slack import app, parse
from tests.adapters import said
from tests.adapters.slack.outside import Turns, outside, payload
from tests.peers.validate import slack_manifest_problems

MANIFEST = json.loads((Path(app.__file__).parent / "manifest.json").read_text(encoding="utf-8"))
FEATURES, SETTINGS = MANIFEST["features"], MANIFEST["settings"]
SCOPE_OF = {
    "message.im": "im:history",
    "user_change": "users:read",
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
}
SCOPE_OF_CALLS = {"chat:write", "commands", "users:read", "users:read.email", "assistant:write"}


def test_slack_takes_the_manifest() -> None:
    assert slack_manifest_problems(MANIFEST) == []


def test_every_subscribed_event_is_handled_and_the_reverse() -> None:
    events = SETTINGS["event_subscriptions"]["bot_events"]
    assert sorted(event.partition(".")[0] for event in events) == sorted(app.EVENTS)


def test_every_command_and_shortcut_is_handled_and_the_reverse() -> None:
    assert [command["command"] for command in FEATURES["slash_commands"]] == [parse.COMMAND]
    assert [(s["type"], s["callback_id"]) for s in FEATURES["shortcuts"]] == [("message", parse.ASK_PRIVATELY)]


def test_the_usage_hint_names_words_that_the_command_understands() -> None:
    (command,) = FEATURES["slash_commands"]
    hinted = [word.split()[0] for word in command["usage_hint"].strip("[]").split("|")]
    assert hinted == ["lesson", "ask", "report", "progress", "settings", "help"]
    assert [word for word in hinted if word not in said.PHRASES["en"].words.get(word, ())] == []


async def test_every_address_in_the_manifest_answers() -> None:
    addresses = {
        SETTINGS["event_subscriptions"]["request_url"],
        SETTINGS["interactivity"]["request_url"],
        *(command["url"] for command in FEATURES["slash_commands"]),
    }
    assert {urlsplit(address).path for address in addresses} == {app.PATH}
    async with outside() as o:
        assert await o.post(o.requests.url_verification("abc")) == (200, {"challenge": "abc"})


async def test_what_the_manifest_promises_reaches_somebody() -> None:
    async with outside(Turns()) as o:
        for name in ("message_im", "home_opened", "messages_opened", "person_left"):
            await o.post(o.requests.event(payload(name)["event"]))
        await o.post(o.requests.command("help"))
        await o.post(o.requests.message_shortcut(FEATURES["shortcuts"][0]["callback_id"], "words"))
        await o.post(o.requests.event(payload("app_uninstalled")["event"]))
        names = [type(event).__name__ for event in o.turns.events]
        assert (names, o.calls) == (["Said", "Pressed", "Joined", "Left", "Said"], ["views.open"])
        assert o.front.revoked


def test_no_scope_is_asked_for_without_a_use() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    events = SETTINGS["event_subscriptions"]["bot_events"]
    assert scopes.keys() == {"bot"}
    assert set(scopes["bot"]) == SCOPE_OF_CALLS | {scope for event in events if (scope := SCOPE_OF[event])}


def test_no_channel_is_read() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]["bot"]
    assert not [s for s in scopes if s.startswith(("channels:", "groups:", "mpim:", "files:"))]
    assert not {"message.channels", "message.groups", "message.mpim"} & set(
        SETTINGS["event_subscriptions"]["bot_events"]
    )


def test_answers_can_be_typed_in_the_messages_tab() -> None:
    home = FEATURES["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert len(FEATURES["agent_view"]["suggested_prompts"]) <= 4
