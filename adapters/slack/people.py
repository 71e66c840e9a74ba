"""Finds who has a Slack account, and introduces people at their first contact."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.ports import Contact, Now, People, Unreachable
from adapters.slack.render import Json
from adapters.slack.vendor import FAILURES, reason, translated
from bot.learning.plan import zoned
from bot.people import Address, Person

SECONDS = 1.0  # a form must open within three seconds of the press, so a first contact may not wait longer
PATIENT_SECONDS = 5.0  # for who opens the chat: without an e-mail they stay apart from what the people file says
WAITS = (0.5, 1.0)  # seconds between two tries
AGAIN_AFTER = timedelta(hours=1)
UNNAMED = ("", "?")
ENGLISH = "en"
FOREIGN = ("is_stranger", "is_restricted", "is_ultra_restricted", "is_bot")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """asked: who has no e-mail or name yet -> when Slack was asked about them last, by this process.

    tongues: account -> language at their last event, where it is not English, for what is said before a turn knows.
    """

    people: People
    client: AsyncWebClient
    now: Now
    asked: dict[tuple[str, str], datetime] = field(default_factory=dict)
    tongues: dict[str, str] = field(default_factory=dict)

    async def person(self, account: Address, patient: bool = False) -> str:
        """``Person.id``; somebody new is met first, with as much as Slack says in time. patient: nobody waits.

        Who could not be introduced before is asked about again, at most once an hour.
        """
        person = await self.people.at("slack", account.tenant, account.user)
        if person is None or (_half_known(person) and self._may_ask(account)):
            person = await self._met(account, patient)
        self._remember(account, person.language)
        return person.id

    def language(self, user: str) -> str:
        return self.tongues.get(user, ENGLISH)

    def _remember(self, account: Address, language: str) -> None:
        if language == ENGLISH:
            self.tongues.pop(account.user, None)
        else:
            self.tongues[account.user] = language

    async def _met(self, account: Address, patient: bool) -> Person:
        self.asked[account.tenant, account.user] = self.now()
        person = await self.people.meet(await self._introduced(account, patient))
        if not _half_known(person):
            self.asked.pop((account.tenant, account.user), None)
        return person

    def _may_ask(self, account: Address) -> bool:
        last = self.asked.get((account.tenant, account.user))
        return last is None or self.now() - last >= AGAIN_AFTER

    async def known(self, account: Address) -> str | None:
        known = await self.people.at("slack", account.tenant, account.user)
        return known.id if known else None

    async def _introduced(self, account: Address, patient: bool) -> Contact:
        told = self._told_after_all(account) if patient else self._told(account)
        try:
            answer = await asyncio.wait_for(told, PATIENT_SECONDS if patient else SECONDS)
        except FAILURES as error:
            log.warning("slack users.info failed", lane=account.lane, error=reason(error))
            return Contact(account)
        return contact(account, answer.get("user") or {})

    async def _told(self, account: Address) -> Any:
        return await self.client.users_info(user=account.user, include_locale=True)

    async def _told_after_all(self, account: Address) -> Any:
        for wait in WAITS:
            try:
                return await self._told(account)
            except FAILURES as error:
                if isinstance(translated(error), Unreachable):
                    raise
                await asyncio.sleep(wait)
        return await self._told(account)


def _half_known(person: Person) -> bool:
    return not person.email or person.name in UNNAMED


def contact(account: Address, user: Json) -> Contact:
    """Name and e-mail of our own people only: an e-mail gives whoever has it what the people file says of its owner.

    docs.slack.dev/reference/methods/users.info
    """
    ours = _is_ours(account, user)
    profile: Json = (user.get("profile") or {}) if ours else {}
    return Contact(
        account,
        name=profile.get("real_name") or (ours and (user.get("real_name") or user.get("name"))) or "",
        email=profile.get("email") or "",
        zone=_zone(str(user.get("tz") or "")),
        language=str(user.get("locale") or "").partition("-")[0].lower(),
    )


def _zone(name: str) -> str:
    """ "" for one that nobody can reckon with."""
    try:
        return zoned(name).key
    except ValueError:
        return ""


def _is_ours(account: Address, user: Json) -> bool:
    """Not a guest, a bot, or somebody of another organisation, who may write any e-mail into their own profile.

    ``is_stranger`` alone would not do: it is false for those who share a channel with us.
    docs.slack.dev/apis/slack-connect
    """
    if any(user.get(mark) for mark in FOREIGN) or user.get("is_email_confirmed") is False:
        return False
    grid: Json = user.get("enterprise_user") or {}
    homes = {user.get("team_id"), grid.get("enterprise_id"), *(grid.get("teams") or ())} - {None, ""}
    return not homes or account.tenant in homes
