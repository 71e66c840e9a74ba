"""Who is writing: a person we know, or one whose name and e-mail the chat's member list tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import structlog

from adapters.ports import Contact, NotSent, Now, People, TryLater, Unreachable, Unsure
from adapters.teams import parse
from adapters.teams.connector import Connector
from bot.people import Address, Person

Json = Mapping[str, Any]

PAGES = 10  # a private chat has one; no other is asked
ROSTER_SECONDS = 1.5  # somebody waits for an answer meanwhile
INSTALL_SECONDS = 6.0  # nobody does: who is met without an e-mail stays apart from what the people file says of them
WAITS = (0.5, 1.0, 2.0)  # seconds between two tries
AGAIN_AFTER = timedelta(hours=1)
UNNAMED = ("", "?")
log = structlog.get_logger()


class Contacts:
    """asked: who has no e-mail or name yet -> when the member list was read for them last, by this process."""

    def __init__(self, people: People, connector: Connector, now: Now) -> None:
        self._people = people
        self._connector = connector
        self._now = now
        self._asked: dict[tuple[str, str], datetime] = {}

    async def known(self, activity: Json) -> Person | None:
        at = parse.address(activity)
        return await self._people.at(at.platform, at.tenant, at.user)

    async def met(self, activity: Json) -> Person:
        """Keeps the address that was used last; who could not be introduced before is asked about once an hour."""
        at = parse.address(activity)
        person = await self.known(activity)
        if person is None or (_half_known(person) and self._may_ask(at)):
            return await self._introduced(activity, at)
        if person.addresses[:1] == (at,):
            return person
        return await self._people.meet(Contact(at))

    async def _introduced(self, activity: Json, at: Address) -> Person:
        self._asked[at.tenant, at.user] = self._now()
        person = await self._people.meet(await self._contact(activity, at))
        if not _half_known(person):
            self._asked.pop((at.tenant, at.user), None)
        return person

    def _may_ask(self, at: Address) -> bool:
        last = self._asked.get((at.tenant, at.user))
        return last is None or self._now() - last >= AGAIN_AFTER

    async def _contact(self, activity: Json, at: Address) -> Contact:
        """Without an answer in time the message matters more than the e-mail."""
        installed = parse.kind(activity) == "joined"
        told = self._member_after_all(at) if installed else self._member(at)
        member = await self._in_time(told, at, INSTALL_SECONDS if installed else ROSTER_SECONDS)
        return Contact(
            at,
            name=parse.words(member, "name") or parse.words(parse.account(activity), "name"),
            email=parse.words(member, "email") or parse.words(member, "userPrincipalName"),
            zone=parse.zone(activity),
            language=parse.language(activity),
        )

    async def _in_time(self, told: Awaitable[Json], at: Address, seconds: float) -> Json:
        try:
            return await asyncio.wait_for(told, seconds)
        except (Unreachable, TryLater, NotSent, Unsure, TimeoutError) as error:
            log.warning("teams member list not read", conversation=at.conversation, reason=str(error))
            return {}

    async def _member_after_all(self, at: Address) -> Json:
        for wait in WAITS:
            try:
                return await self._member(at)
            except (TryLater, NotSent, Unsure):
                await asyncio.sleep(wait)
        return await self._member(at)

    async def _member(self, at: Address) -> Json:
        """learn.microsoft.com/en-us/microsoftteams/platform/resources/team-chat-member-api-changes"""
        token = ""
        for _ in range(PAGES):
            page = await self._connector.call("GET", at.service_url, _path(at, token))
            token = parse.words(page, "continuationToken")
            if found := _in(page, at):
                return found
            if not token:
                break
        return {}


def _half_known(person: Person) -> bool:
    return not person.email or person.name in UNNAMED


def _path(at: Address, token: str) -> str:
    more = f"&continuationToken={quote(token, safe='')}" if token else ""
    return f"v3/conversations/{quote(at.conversation, safe='')}/pagedmembers?pageSize=50{more}"


def _in(page: object, at: Address) -> Json | None:
    members = parse.inner(page, "members")
    everyone = members if isinstance(members, list) else []
    return next((each for each in everyone if at.user in _ids(each)), None)


def _ids(member: object) -> tuple[str, ...]:
    return tuple(parse.words(member, name) for name in ("id", "aadObjectId", "objectId"))
