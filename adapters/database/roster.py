"""Checks a people file against the people we know, and says what would change; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from adapters.ports import RosterRow
from bot.people import Role

FIELDS = ("name", "role", "zone", "language", "country", "team", "manager", "hired")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person as the file has them. zone, language: "" when it does not say. manager: e-mail, "" for nobody."""

    email: str
    name: str
    role: Role = Role.EMPLOYEE
    zone: str = ""
    language: str = ""
    country: str = ""
    team: str = ""
    manager: str = ""
    hired: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """One person as the database has them. listed: came with an earlier file; others are never counted as left."""

    id: str
    as_listed: Listed
    active: bool = True
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Changed:
    """fields: (field, before, after) as text. back: was gone, or unknown to earlier files, and is in this one."""

    person: Known
    after: Listed
    fields: tuple[tuple[str, str, str], ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Diff:
    added: tuple[Listed, ...] = ()
    changed: tuple[Changed, ...] = ()
    left: tuple[Known, ...] = ()


class RosterError(ValueError):
    """problems: one sentence each, with its line; all of them at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def difference(rows: Sequence[RosterRow], known: Iterable[Known]) -> Diff:
    """Raises RosterError."""
    by_email = {person.as_listed.email: person for person in known if person.as_listed.email}
    listed = checked(rows, {email for email, person in by_email.items() if person.active})
    changes = (changed(by_email[one.email], one) for one in listed.values() if one.email in by_email)
    return Diff(
        tuple(one for one in listed.values() if one.email not in by_email),
        tuple(change for change in changes if change.fields or change.back),
        tuple(p for email, p in by_email.items() if p.active and p.listed and email not in listed),
    )


def changed(person: Known, after: Listed) -> Changed:
    """An empty zone or language says nothing, so what a platform told us stays."""
    before = person.as_listed
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in FIELDS)
    fields = tuple(
        (name, _text(old), _text(new))
        for name, old, new in pairs
        if old != new and (new or name not in ("zone", "language"))
    )
    return Changed(person, after, fields, back=not (person.active and person.listed))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def checked(rows: Sequence[RosterRow], others: Iterable[str] = ()) -> Mapping[str, Listed]:
    """e-mail -> person. others: e-mails of known people, for the error's wording. Raises RosterError."""
    problems: list[str] = []
    found: dict[str, tuple[int, Listed]] = {}
    for row in rows:
        one = _read(row, problems)
        if one.email in found:
            problems.append(f"line {row.line}: {one.email} is already on line {found[one.email][0]}")
        elif one.email:
            found[one.email] = (row.line, one)
    problems += _unknown_managers(found, set(others))
    listed = {email: one for email, (_, one) in found.items()}
    if cycle := _cycle(listed):
        names = " reports to ".join(listed[email].name for email in (*cycle, cycle[0]))
        problems.append(f"line {found[cycle[0]][0]}: managers go round in a circle: {names}")
    if problems:
        raise RosterError(problems)
    return listed


def _read(row: RosterRow, problems: list[str]) -> Listed:
    def bad(problem: str) -> None:
        problems.append(f"line {row.line}: {problem}")

    email = row.email.strip().lower()
    if "@" not in email:
        bad(f"email {row.email!r} is not an e-mail address" if email else "email is missing")
    if not row.name.strip():
        bad("name is missing")
    role, zone = row.role.strip().lower() or "employee", row.zone.strip()
    if role not in set(Role):
        bad(f"role {row.role!r} is unknown; use {', '.join(Role)}")
        role = "employee"
    if zone and zone not in available_timezones():
        bad(f"zone {zone!r} is not an IANA time zone such as Europe/Madrid")
    country, language = row.country.strip().upper(), row.language.strip().lower()
    if country and not _letters(country):
        bad(f"country {row.country!r} is not a two-letter ISO 3166-1 code such as ES")
    if language and not _letters(language):
        bad(f"language {row.language!r} is not a two-letter ISO 639-1 code such as es")
    hired = None
    try:
        hired = date.fromisoformat(row.hired.strip()) if row.hired.strip() else None
    except ValueError:
        bad(f"hired {row.hired!r} is not a date such as 2026-03-31")
    manager = row.manager_email.strip().lower()
    return Listed(email, row.name.strip(), Role(role), zone, language, country, row.team.strip(), manager, hired)


def _letters(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha()


def _unknown_managers(found: Mapping[str, tuple[int, Listed]], others: set[str]) -> list[str]:
    wrong = ((line, one) for line, one in found.values() if one.manager and one.manager not in found)
    return [
        f"line {line}: the manager of {one.name}, {one.manager}, is "
        + ("known, but not in this file" if one.manager in others else "not in this file")
        for line, one in wrong
    ]


def _cycle(listed: Mapping[str, Listed]) -> tuple[str, ...]:
    """E-mails along the first circle of managers, each before their own manager; empty when there is none."""
    cleared: set[str] = set()
    for start in listed:
        path: dict[str, None] = {}
        at = start
        while at in listed and at not in cleared and at not in path:
            path[at] = None
            at = listed[at].manager
        if at in path:
            steps = list(path)
            return tuple(steps[steps.index(at) :])
        cleared |= path.keys()
    return ()
