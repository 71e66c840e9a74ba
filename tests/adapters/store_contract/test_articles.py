"""Articles that HR uploads: one text for each language and id, by nobody in particular."""

from __future__ import annotations

from datetime import timedelta

from bot.effects import Forget, Publish, Withdraw
from bot.needs import OwnArticle, OwnArticles, OwnText
from tests.adapters.store_contract.office import TODAY, Office

PAGE = "---\nid: keys\n---\nAsk “Ana”. 🔑\n"


def page(text: str = PAGE, language: str = "en", id: str = "keys") -> Publish:
    return Publish(language, id, text, TODAY)


async def test_an_uploaded_article_is_listed_and_its_text_is_kept_letter_by_letter(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, page(), page(language="es"))
    digest = page().digest
    assert await office.find(OwnArticles()) == (
        OwnArticle("en", "keys", TODAY, digest),
        OwnArticle("es", "keys", TODAY, digest),
    )
    assert await office.find(OwnText("en", "keys")) == PAGE


async def test_a_second_upload_takes_the_place_of_the_first(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, page())
    changed = Publish("en", "keys", "Another text", TODAY + timedelta(days=1))
    await office.does(ana, changed)
    assert await office.find(OwnArticles()) == (OwnArticle("en", "keys", changed.on, changed.digest),)
    assert await office.find(OwnText("en", "keys")) == "Another text"
    assert changed.digest != page().digest


async def test_what_is_taken_away_is_gone_in_its_language_alone(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, page(), page(language="es"))
    await office.does(ana, Withdraw("en", "keys"), Withdraw("en", "nothing"))
    assert [each.language for each in await office.find(OwnArticles())] == ["es"]
    assert await office.find(OwnText("en", "keys")) == ""


async def test_what_hr_uploaded_stays_when_they_are_forgotten(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, page())
    await office.does(ana, Forget(ana.id))
    assert len(await office.find(OwnArticles())) == 1
