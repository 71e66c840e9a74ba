"""``lessons/resources.yaml``: helplines and agencies, each with the day somebody saw it and the day it expires."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from adapters.content import front
from adapters.content.front import Fields
from adapters.content.pages import Desk, is_language
from bot.library import Language, Resource, Told

KINDS: Final = ("crisis", "sexual-violence", "advice", "state-agency", "emergency")
FACTS: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z]{2,})+|\d+|[A-Z]{3,}")
"""What no translation may change: addresses, digits, and what is typed or dialled in capitals, such as HOME."""


def read(desk: Desk) -> tuple[Resource, ...]:
    page = desk.open(desk.root / "resources.yaml")
    desk.known["resources",] = page
    rows = front.rows(page, page.text)
    resources = tuple(_resource(row) for row in rows)
    for n, resource in enumerate(resources):
        if resource.id and resource.id in {other.id for other in resources[:n]}:
            page.wrong(page.line(f"{n}.id"), f"`{resource.id}` is the id of another row already")
    return resources


def _resource(row: Fields) -> Resource:
    english = Told(row.text("name"), row.text("contact"), row.text("hours", default=""))
    resource = Resource(
        id=row.slug("id"),
        name=english.name,
        countries=row.texts("countries"),
        kind=row.choice("kind", KINDS),
        contact=english.contact,
        languages=row.texts("languages"),
        hours=english.hours,
        url=row.url("url") if row.has("url") else "",
        source=row.url("source"),
        verified_on=row.day("verified_on"),
        expires=row.day("expires"),
        told=_told(row, english),
    )
    row.done()
    _check(row, resource)
    return resource


def _told(row: Fields, english: Told) -> Mapping[Language, Told]:
    found: dict[Language, Told] = {}
    if not row.has("translations"):
        return found
    if (group := row.inner("translations")) is None:
        row.wrong("translations", "`translations` must hold languages, and below each `contact` and `hours`")
        return found
    for language in group.names():
        inner = group.inner(language)
        if inner and is_language(language):
            found[language] = _in_language(inner, english)
        else:
            group.wrong(language, f"`{language}` must be two small letters, with `contact` and `hours` below")
    return found


def _in_language(inner: Fields, english: Told) -> Told:
    told = Told(inner.text("name", default=english.name), inner.text("contact"), inner.text("hours", default=""))
    inner.done()
    for key in ("name", "contact", "hours"):
        here, there = getattr(told, key), getattr(english, key)
        if FACTS.findall(here) != FACTS.findall(there):
            inner.wrong(key, f"`{key}` must hold the numbers and addresses of English, in their order: `{there}`")
        elif bool(here) != bool(there):
            inner.wrong(key, f"`{key}` must say what English says, no more and no less: `{there}`")
    return told


def _check(row: Fields, resource: Resource) -> None:
    for country in resource.countries:
        if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
            row.wrong("countries", f"`{country}` is not a country: two capital letters, such as US")
    if row.has("countries") and not resource.countries:
        row.wrong("countries", "`countries` is empty: name at least one, such as US")
    for language in resource.languages:
        if not is_language(language):
            row.wrong("languages", f"`{language}` is not a language: two small letters, such as en")
    if resource.expires <= resource.verified_on and resource.expires != front.NOWHERE:
        row.wrong("expires", "`expires` must be later than `verified_on`")
