"""A report from outside the chat names nobody: no row, log, call or answer tells who sent it, or at what minute."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import cast

from bot.needs import CaseFile, CaseLine, CasesOf, OpenCase
from tests.privacy.canary import seen, typed_report
from tests.privacy.fronts import BROWSER
from tests.privacy.reporting import READERS, readers
from tests.privacy.sinks import stored
from tests.privacy.town import Town, breaking

AGENT = "quokkabrowserxylem"
COOKIE = "quokkacookiexylem"


async def test_nothing_of_it_is_anywhere_but_in_the_sealed_row(here: Town) -> None:
    await readers(here)
    await here.settle()
    texts, words = typed_report("outside")
    headers = {**BROWSER, "User-Agent": AGENT, "Cookie": f"seen={COOKIE}", "X-Forwarded-For": "203.0.113.77"}
    url = f"{here.house.url}/report"
    async with here.http.get(url, headers=headers) as page:
        draft = re.findall(r'name="draft" value="(\w+)"', await page.text())[0]
    chosen = [await here.id(name) for name in READERS]
    typed = [("language", "en"), ("draft", draft), *texts.items(), *(("readers", id) for id in chosen)]
    for broken in ("case_file", "case_reader", "delivery", "seen"):
        with breaking(here.database, broken):
            async with here.http.post(f"{url}/send", data=typed, headers=headers) as page:
                assert page.status == 500
    statuses = []
    for path in ("/review", "/send", "/send"):
        async with here.http.post(f"{url}{path}", data=typed, headers=headers) as page:
            statuses.append(page.status)
            receipt = "".join(re.findall(r"\d{4} \d{4} \d{4} \d{4}", await page.text())).replace(" ", "")
    assert statuses == [200, 200, 200] and len(receipt) == 16
    await here.settle()
    places = await here.places()
    assert seen((*words, AGENT, COOKIE), places) == []
    assert [place for place, held in places.items() if b"203.0.113.77" in held or receipt.encode() in held] == []
    (line,) = cast(tuple[CaseLine, ...], await here.house.built.database.reads.find(CasesOf(chosen[0])))
    assert line.received_on == here.house.clock().date()
    file = cast(OpenCase, await here.house.built.database.reads.find(CaseFile(line.case, chosen[0])))
    assert file.reporter == "" and dict(file.words) == texts


async def test_no_row_knows_the_minute(here: Town) -> None:
    await readers(here)
    await here.settle()
    here.house.clock.jump(here.house.clock() + timedelta(hours=3, minutes=41))
    before = stored(here.database)
    at = here.house.clock()
    async with here.http.get(f"{here.house.url}/report") as page:
        draft = re.findall(r'name="draft" value="(\w+)"', await page.text())[0]
    typed = {"language": "en", "draft": draft, "what": "x", "readers": await here.id("Noor")}
    calls = len(here.outside.received)
    async with here.http.post(f"{here.house.url}/report/send", data=typed, headers=BROWSER) as page:
        assert page.status == 200
    await here.settle()
    assert len(here.outside.received) == calls
    now = {place: held for place, held in stored(here.database).items() if " " not in place}
    new = {place: held for place, held in now.items() if held != before.get(place)}
    assert any(place.startswith("case_file") for place in new)
    minute = re.compile(rb"%02d[:h]%02d" % (at.hour, at.minute))
    assert [place for place, held in new.items() if minute.search(held)] == []
