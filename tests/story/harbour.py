"""A small company in Slack, some of whose people are on the web as well: the stage of the week on Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import ClientSession

from adapters.cli.run import DEMO_PEOPLE
from adapters.directory import csv_file
from adapters.ports import Contact
from adapters.web.messenger import WebMessenger
from bot.people import Address
from tests.peers.slack_peer import SlackPeer, slack_peer
from tests.story.house import House, house
from tests.story.slack_screen import SlackScreen, screens

HARBOUR = """\
Amina Diallo,amina@harbour.example,employee,Europe/Paris,en,FR,Harbour,bo@harbour.example,2021-03-01
Bo Lindqvist,bo@harbour.example,manager,America/New_York,en,US,Harbour,,2016-08-15
Chidi Okafor,chidi@harbour.example,hr,Africa/Lagos,en,NG,People,,2019-04-01
Dana Reyes,dana@harbour.example,employee,Pacific/Auckland,en,NZ,Harbour,bo@harbour.example,2024-02-05
Eli Stone,eli@harbour.example,employee,Europe/London,en,GB,Harbour,bo@harbour.example,2023-11-20
Fatou Ba,fatou@harbour.example,employee,Africa/Dakar,en,SN,Harbour,bo@harbour.example,2022-09-12
Gabor Nagy,gabor@harbour.example,employee,Europe/Budapest,en,HU,Harbour,bo@harbour.example,2020-01-07
"""
ON_THE_WEB = ("Amina", "Eli", "Fatou", "Gabor")


@dataclass(frozen=True, slots=True)
class Week:
    peer: SlackPeer
    house: House
    amina: SlackScreen
    bo: SlackScreen
    chidi: SlackScreen
    dana: SlackScreen

    @property
    def screens(self) -> tuple[SlackScreen, ...]:
        return self.amina, self.bo, self.chidi, self.dana

    def say(self, key: str, **values: object) -> str:
        return self.house.built.talk.phrases("en").plain(key, **values)

    async def until(self, day: int, hour: int, minute: int = 0) -> None:
        """A moment of that November, UTC; 31 is the first of December."""
        month, day = (11, day) if day <= 30 else (12, day - 30)
        await self.house.wait_until(datetime(2026, month, day, hour, minute, tzinfo=UTC))

    async def nobody_else_was_written_to(self) -> None:
        for screen in self.screens:
            await screen.sees()

    def on_the_web(self, name: str) -> list[str]:
        messenger = self.house.built.messengers["web"]
        assert isinstance(messenger, WebMessenger)
        return [entry.card.summary for entry in messenger.transcript(name) if entry.card]


@asynccontextmanager
async def harbour(folder: Path) -> AsyncIterator[Week]:
    """Four people in Slack, one of them on the web as well, and three only there."""
    async with slack_peer() as peer, ClientSession() as http:
        slack = {
            "slack_api_url": peer.base_url,
            "slack_bot_token": peer.bot_token,
            "slack_signing_secret": peer.signing_secret,
        }
        async with house(f"sqlite:///{folder}/week.db", playground=True, send_rate=50, **slack) as built:
            await hire(built, folder / "people.csv")
            yield Week(peer, built, **await screens(peer, built, http))


async def hire(built: House, file: Path) -> None:
    file.write_text(DEMO_PEOPLE.read_text() + HARBOUR)
    people = built.built.database.people
    await people.apply(await people.plan_roster(csv_file.read(file)))
    for name in ON_THE_WEB:
        await people.meet(Contact(Address("web", "playground", name), email=f"{name.lower()}@harbour.example"))
