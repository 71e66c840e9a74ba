"""Reads what Slack posts: payload -> Event and the account it came from. Pure; who has the account is asked elsewhere.

Shapes: docs.slack.dev/reference/events and docs.slack.dev/reference/interaction-payloads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from adapters.slack.modal import Origin, held, typed
from adapters.slack.mrkdwn import unescaped
from adapters.slack.render import Json, action_of, card_of
from bot.events import Event, Joined, Left, Pressed, Said, Submitted
from bot.people import Address

COMMAND = "/upstander"
ASK_PRIVATELY = "ask_privately"
QUESTION = "question"
HOME_OPENED = "home.open"
SPOKEN = (None, "file_share", "thread_broadcast")  # of messages that somebody wrote; edits, joins and bots have others


@dataclass(frozen=True, slots=True)
class Heard:
    """An event whose ``person`` is still "": only the directory knows who has this account."""

    account: Address
    event: Event

    def by(self, person: str) -> Event:
        return replace(self.event, person=person)


def event(body: Json, at: datetime) -> Heard | None:
    """An Events API delivery; None when it is nothing that happened to a person."""
    happened: Json = body.get("event") or {}
    id = f"slack:{body.get('event_id', '')}"
    match happened.get("type"):
        case "message":
            return _message(body, happened, id, at)
        case "app_home_opened":
            return _opened(body, happened, id, at)
        case "user_change":
            return _changed(body, happened, id, at)
        case _:
            return None


def command(body: Json, at: datetime) -> Heard:
    """A slash command; the words after it are what was said."""
    account = Address("slack", tenant(body), body["user_id"])
    text = unescaped(str(body.get("text") or "")).strip() or "help"
    return Heard(account, Said(id=_once(body), person="", at=at, lane=account.lane, text=text))


def press(body: Json, at: datetime) -> Heard | None:
    """None for a link, which opens without us, and for an input that merely changed."""
    action: Json = body["actions"][0]
    name = action_of(str(action.get("action_id", "")))
    if not name or action.get("type") != "button":
        return None
    account = interactor(body)
    id = _once(body, str(action.get("action_ts", "")))
    value, card = str(action.get("value") or ""), origin(body).card
    return Heard(account, Pressed(id=id, person="", at=at, lane=account.lane, action=name, value=value, card=card))


def submission(body: Json, at: datetime) -> Heard:
    """Its id is new for each press of the submit button: after errors the same view, unchanged, is sent again."""
    account, view = interactor(body), body["view"]
    id = _once(body, str(view.get("id", "")), str(view.get("hash", "")))
    form, fields = str(view.get("callback_id", "")), typed(view)
    if form == ASK_PRIVATELY:
        text = fields.get(QUESTION, "").strip() or "help"
        return Heard(account, Said(id=id, person="", at=at, lane=account.lane, text=text))
    value = held(view).value
    return Heard(account, Submitted(id=id, person="", at=at, lane=account.lane, form=form, value=value, fields=fields))


def asked_id(body: Json) -> str:
    """Of a shortcut, which is no event yet."""
    return _once(body)


def origin(body: Json) -> Origin:
    """Where the pressed button stands."""
    view: Json = body.get("view") or {}
    if view.get("type") == "home":
        return Origin(home=True)
    if view:
        return held(view).origin
    container: Json = body.get("container") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id", "")
    return Origin(channel=channel, message=container.get("message_ts", ""), card=_card(body))


def interactor(body: Json) -> Address:
    """Who pressed, submitted or called up a shortcut."""
    return Address("slack", tenant(body), body["user"]["id"])


def tenant(body: Json) -> str:
    """The organisation's id where the app was installed for all of it, else the workspace's."""
    whose: Json = next(iter(body.get("authorizations") or []), body)
    if whose.get("is_enterprise_install") in (True, "true"):
        return str(whose.get("enterprise_id") or (body.get("enterprise") or {}).get("id", ""))
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    return str(team or (body.get("user") or {}).get("team_id", ""))


def _message(body: Json, happened: Json, id: str, at: datetime) -> Heard | None:
    """A file or a forwarded message alone has no words, and is answered like words that nobody understands."""
    channel, text = str(happened.get("channel", "")), unescaped(str(happened.get("text") or "")).strip()
    direct = happened.get("channel_type", "im") == "im" and channel.startswith("D")
    written = happened.get("subtype") in SPOKEN and not happened.get("bot_id") and happened.get("user")
    if not (direct and written):
        return None
    account = Address("slack", tenant(body), happened["user"], channel)
    return Heard(account, Said(id=id, person="", at=at, lane=account.lane, text=text))


def _opened(body: Json, happened: Json, id: str, at: datetime) -> Heard | None:
    """Home asks for its pane each time; Messages is a first contact, which the welcome answers once."""
    channel = str(happened.get("channel", ""))
    account = Address("slack", tenant(body), happened["user"], channel if channel.startswith("D") else "")
    match happened.get("tab"):
        case "home":
            return Heard(account, Pressed(id=id, person="", at=at, lane=account.lane, action=HOME_OPENED))
        case "messages":
            return Heard(account, Joined(id=id, person="", at=at, lane=account.lane))
        case _:
            return None


def _changed(body: Json, happened: Json, id: str, at: datetime) -> Heard | None:
    user: Json = happened.get("user") or {}
    if not user.get("deleted"):
        return None
    account = Address("slack", tenant(body), user["id"])
    return Heard(account, Left(id=id, person="", at=at, lane=account.lane))


def _card(body: Json) -> str:
    """From the row of buttons, else from the message's metadata, which Slack may leave out of a payload."""
    action: Json = next(iter(body.get("actions") or []), {})
    metadata: Json = (body.get("message") or {}).get("metadata") or {}
    return card_of(str(action.get("block_id", ""))) or str((metadata.get("event_payload") or {}).get("delivery", ""))


def _once(body: Json, *more: str) -> str:
    """A trigger id belongs to one thing one person did; a repeated delivery of it has the same."""
    return ":".join(("slack", *filter(None, (*more, str(body.get("trigger_id") or "")))))
