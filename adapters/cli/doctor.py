"""What is configured, what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal, cast

import typer

from adapters.cli.errors import said_plainly, screen
from adapters.content import Broken, load
from adapters.content.own import OwnPages
from adapters.database.database import Database
from adapters.database.engine import database_file, parse
from adapters.database.lock import AlreadyOpen
from adapters.guide.encode import BadEncoder, Encoder
from adapters.guide.gate import Gate
from adapters.settings import BadSettings, Settings, read
from bot.needs import Trainer, Trainers
from bot.routing import STATES


@dataclass(frozen=True, slots=True)
class Finding:
    """state ``off`` is a choice; ``wrong`` has to be mended. then: what to do, "" when nothing."""

    what: str
    state: Literal["ok", "off", "wrong"]
    found: str
    then: str = ""


def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Say what is configured and what is missing. Ends with 1 when something is wrong."""
    with said_plainly():
        findings = asyncio.run(_examine())
    if as_json:
        print(json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        for finding in findings:
            screen.print(_line(finding), markup=False)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _line(finding: Finding) -> str:
    then = f"\n         {finding.then}" if finding.then else ""
    return f"{finding.state:<6}{finding.what}: {finding.found}{then}"


async def _examine() -> list[Finding]:
    python = Finding("Python", "ok", platform.python_version())
    try:
        settings = read()
    except BadSettings as wrong:
        return [python, *(Finding("Settings", "wrong", line) for line in str(wrong).splitlines())]
    return [
        python,
        _key(settings),
        _address(settings),
        _lessons(settings),
        _own_articles(settings),
        _encoder(settings),
        *await _stored(settings),
        _slack(settings),
        _teams(settings),
    ]


def _key(settings: Settings) -> Finding:
    if settings.keys:
        return Finding("Key", "ok", f"{len(settings.keys)} in UPSTANDER_KEY")
    make = 'Set it to the output of: python3 -c "import secrets; print(secrets.token_hex(32))"'
    return Finding("Key", "wrong", "UPSTANDER_KEY is missing", make)


def _address(settings: Settings) -> Finding:
    if settings.public_url:
        return Finding("Address", "ok", settings.public_url)
    needed = settings.has_slack or settings.has_teams
    return Finding("Address", "wrong" if needed else "off", "PUBLIC_URL is missing", "Links to cases begin with it.")


def _lessons(settings: Settings) -> Finding:
    try:
        library = load(settings.lessons).library
    except Broken as broken:
        return Finding("Lessons", "wrong", f"{len(broken.problems)} problems", "Run: python -m bot lint")
    return Finding("Lessons", "ok", f"{len(library.lessons())} lessons, {len(library.articles.get('en', {}))} articles")


def _own_articles(settings: Settings) -> Finding:
    """Those in the folder; a running server says at /readyz how far it has read them in."""
    if settings.own_articles is None:
        return Finding("Own articles", "off", "OWN_ARTICLES is not set", "README.md, Your own articles")
    own = OwnPages(settings.own_articles).read({})
    if problems := own.problems():
        first = f"{problems[0].file}:{problems[0].line}"
        then = f"They are left out. Run: python -m bot lint {settings.own_articles}"
        return Finding("Own articles", "wrong", f"{len(problems)} problems, the first in {first}", then)
    return Finding("Own articles", "ok", f"{len(own.articles)} in {settings.own_articles}")


def _encoder(settings: Settings) -> Finding:
    if settings.encoder is None:
        return Finding("Encoder", "ok", "the one that comes along")
    try:
        Gate(Encoder(settings.encoder))
    except BadEncoder as wrong:
        return Finding("Encoder", "wrong", str(wrong), "adapters/guide/encoder/README.md, Another encoder")
    return Finding("Encoder", "ok", str(settings.encoder))


async def _stored(settings: Settings) -> list[Finding]:
    """The database, and when it can be opened, who answers questions."""
    kind = "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    try:
        file = database_file(parse(settings.database_url))
        if file and not file.exists():
            return [Finding(kind, "wrong", f"there is no {file} yet", "Run: python -m bot migrate")]
        opened = await Database.open(settings.database_url, ",".join(settings.keys) or "0" * 32, STATES)
        try:
            trainers = await opened.reads.find(Trainers(settings.answering))
        finally:
            await opened.close()
    except AlreadyOpen:
        return [Finding(kind, "ok", "in use by a running server")]
    except Exception as wrong:  # whatever stands between us and the database is what we are here to tell
        return [Finding(kind, "wrong", "cannot be opened", str(wrong).partition("\n")[0][:200])]
    return [
        Finding(kind, "ok", "open, and its tables are current"),
        _trainers(settings, cast(Sequence[Trainer], trainers)),
    ]


def _trainers(settings: Settings, found: Sequence[Trainer]) -> Finding:
    missing = len(settings.answering) - len(found)
    if missing > 0:
        told = f"{missing} of the {len(settings.answering)} addresses in TRAINERS belong to nobody who works here"
        return Finding("Trainers", "wrong", told, "Compare them with the people file.")
    if not found:
        return Finding("Trainers", "off", "nobody in HR yet", "Import people: python -m bot people import FILE.csv")
    return Finding("Trainers", "ok", f"{len(found)} {'in TRAINERS' if settings.answering else 'in HR'}")


def _slack(settings: Settings) -> Finding:
    if not settings.has_slack:
        return Finding("Slack", "off", "SLACK_BOT_TOKEN is not set", "README.md, Slack in ten minutes")
    ways = [("SLACK_SIGNING_SECRET", "HTTP"), ("SLACK_APP_TOKEN", "Socket Mode")]
    on = [way for name, way in ways if getattr(settings, name.lower()).get_secret_value()]
    return Finding("Slack", "ok", " and ".join(on))


def _teams(settings: Settings) -> Finding:
    if not settings.has_teams:
        return Finding("Teams", "off", "TEAMS_APP_ID is not set", "README.md, Microsoft Teams")
    if settings.teams_auth == "off":
        return Finding("Teams", "ok", "without authentication, for this machine only")
    return Finding("Teams", "ok", f"tenant {settings.teams_tenant_id}")
