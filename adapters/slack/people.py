"""Finds who has a Slack account, and introduces people at their first contact."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.ports import Contact, People
from adapters.slack.render import Json
from adapters.slack.vendor import FAILURES, reason
from bot.people import Address

INTRODUCTION_SECONDS = 1.0  # a form must open within three seconds of the press, so a first contact may not wait longer
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Acquaintances:
    people: People
    client: AsyncWebClient

    async def person(self, account: Address) -> str:
        """``Person.id``; somebody new is met first, with as much as Slack says in time."""
        known = await self.people.at("slack", account.tenant, account.user)
        return (known or await self.people.meet(await self._introduced(account))).id

    async def known(self, account: Address) -> str | None:
        known = await self.people.at("slack", account.tenant, account.user)
        return known.id if known else None

    async def _introduced(self, account: Address) -> Contact:
        try:
            asked = self.client.users_info(user=account.user, include_locale=True)
            answer = await asyncio.wait_for(asked, INTRODUCTION_SECONDS)
        except FAILURES as error:
            log.warning("slack users.info failed", lane=account.lane, error=reason(error))
            return Contact(account)
        return contact(account, answer.get("user") or {})


def contact(account: Address, user: Json) -> Contact:
    """docs.slack.dev/reference/methods/users.info"""
    profile: Json = user.get("profile") or {}
    return Contact(
        account,
        name=profile.get("real_name") or user.get("real_name") or user.get("name") or "",
        email=profile.get("email") or "",
        zone=user.get("tz") or "",
        language=str(user.get("locale") or "").partition("-")[0].lower(),
    )
