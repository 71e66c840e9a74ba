"""Reads what Teams posts: an activity as plain JSON -> who it is from, and which Event it is.

learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, TypedDict
from zoneinfo import ZoneInfo

from adapters.teams.forms import typed
from adapters.teams.text import clean
from bot.events import Event, Joined, Left, Pressed, Said, Submitted
from bot.people import Address

Json = Mapping[str, Any]
Kind = Literal["said", "pressed", "executed", "fetched", "submitted", "joined", "left", "unknown invoke", "nothing"]

INVOKES: Mapping[str, Kind] = {
    "adaptiveCard/action": "executed",
    "task/fetch": "fetched",
    "task/submit": "submitted",
}


class _Common(TypedDict):
    person: str
    at: datetime
    lane: str


def inner(value: object, *names: str) -> Any:
    """``value[names[0]][names[1]]…``, or None where a step is missing or is no object."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def words(value: object, *names: str) -> str:
    """As ``inner``, and "" for everything that is not a string."""
    return clean(inner(value, *names))


def tenant(activity: Json) -> str:
    """Of Entra; "" when the activity does not say."""
    return words(activity, "channelData", "tenant", "id") or words(activity, "conversation", "tenantId")


def is_private(activity: Json) -> bool:
    return words(activity, "conversation", "conversationType") == "personal"


def account(activity: Json) -> Json:
    """Whose chat this is; an event about the bot itself may name the bot as its sender."""
    everyone = (inner(activity, "from"), *_members(activity, "membersAdded"), *_members(activity, "membersRemoved"))
    bot = words(activity, "recipient", "id")
    return next((each for each in everyone if words(each, "id") not in ("", bot)), {})


def address(activity: Json) -> Address:
    """user: Entra object id, which a directory knows too, or else the id that only this bot knows."""
    person = account(activity)
    return Address(
        platform="teams",
        tenant=tenant(activity),
        user=words(person, "aadObjectId") or words(person, "id"),
        conversation=words(activity, "conversation", "id"),
        service_url=words(activity, "serviceUrl"),
        bot=words(activity, "recipient", "id"),
    )


def language(activity: Json) -> str:
    """ISO 639-1, "" when unknown."""
    locale = words(activity, "locale") or next((words(e, "locale") for e in _client(activity)), "")
    short = locale.partition("-")[0].lower()
    return short if len(short) == 2 and short.isalpha() else ""


def zone(activity: Json) -> str:
    """IANA name, "" when unknown."""
    names = (words(activity, "localTimezone"), *(words(entity, "timezone") for entity in _client(activity)))
    return next((name for name in names if _is_zone(name)), "")


def kind(activity: Json) -> Kind:
    match words(activity, "type"):
        case "message":
            return "pressed" if words(activity, "value", "action") else "said"
        case "invoke":
            return INVOKES.get(words(activity, "name"), "unknown invoke")
        case "installationUpdate":
            return {"add": "joined", "add-upgrade": "joined", "remove": "left"}.get(  # type: ignore[return-value]
                words(activity, "action"), "nothing"
            )
        case "conversationUpdate":
            return _membership(activity)
    return "nothing"


def event(activity: Json, person: str, at: datetime) -> Event | None:
    """person: ``Person.id``. None for what no dialogue needs to know."""
    common: _Common = {"person": person, "at": at, "lane": address(activity).lane}
    match kind(activity):
        case "said":
            return Said(id=_id(activity), text=_text(activity), **common)
        case "pressed":
            return _pressed(activity, inner(activity, "value"), common)
        case "executed":
            return _pressed(activity, inner(activity, "value", "action", "data"), common)
        case "fetched":
            return _pressed(activity, inner(activity, "value", "data"), common)
        case "submitted":
            return _submitted(activity, inner(activity, "value", "data"), common)
        case "joined":
            return Joined(id=_id(activity), **common)
        case "left":
            return Left(id=_id(activity), **common)
        case "unknown invoke" | "nothing":
            return None


def _pressed(activity: Json, sent: object, common: _Common) -> Event | None:
    action = words(sent, "action")
    if not action:
        return None
    id = _id(activity, action)
    return Pressed(id=id, action=action, value=words(sent, "value"), card=words(sent, "card"), **common)


def _submitted(activity: Json, sent: object, common: _Common) -> Event | None:
    """A button on a card inside a dialog comes back like a form, but names an action."""
    form = words(sent, "form")
    if not form:
        return _pressed(activity, sent, common)
    id = _id(activity, form)
    return Submitted(id=id, form=form, value=words(sent, "value"), fields=typed(sent), **common)  # type: ignore[arg-type]


def _id(activity: Json, action: str = "") -> str:
    """The same for a delivery that Teams repeats; an invoke without an id is told by what it carries, and when."""
    own = words(activity, "id") or json.dumps([activity.get("timestamp"), activity.get("value")], sort_keys=True)
    names = (words(activity, "conversation", "id"), own, words(activity, "replyToId"), words(activity, "name"), action)
    return _hash(*names)


def _hash(*names: str) -> str:
    return "teams:" + hashlib.sha256(json.dumps(names).encode()).hexdigest()[:40]


def _text(activity: Json) -> str:
    """Without the bot's own name in front, which Teams adds where the bot was mentioned."""
    text = words(activity, "text")
    for entity in _entities(activity, "mention"):
        if words(entity, "mentioned", "id") == words(activity, "recipient", "id") and words(entity, "text"):
            text = text.replace(words(entity, "text"), "")
    return text.replace("&nbsp;", " ").replace("\xa0", " ").strip()


def _membership(activity: Json) -> Kind:
    """In a private chat every change of members is the bot coming or going."""
    if _members(activity, "membersAdded"):
        return "joined"
    return "left" if _members(activity, "membersRemoved") else "nothing"


def _members(activity: Json, name: str) -> list[Json]:
    found = inner(activity, name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _client(activity: Json) -> list[Json]:
    return list(_entities(activity, "clientInfo"))


def _entities(activity: Json, type: str) -> Iterator[Json]:
    return (entity for entity in _members(activity, "entities") if words(entity, "type") == type)


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError, and a folder's name an OSError
        return False
    except KeyError:
        return False
