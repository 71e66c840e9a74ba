"""The texts that stand for an article: its title, its short answer, and the ways in which people ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.library import Article, Library

GIST_CHARS = 600
PASSAGE_CHARS = 400  # about as much as the encoder reads: encode.TOKENS


def standing_for(article: Article) -> tuple[str, ...]:
    """Of one that nobody wrote questions for over months, whatever else it says counts as well."""
    asked = (article.title, article.sections[0].markdown[:GIST_CHARS], *article.questions, *article.asked)
    return asked if article.origin != "added" else (*asked, *_passages(article))


def _passages(article: Article) -> Iterator[str]:
    for section in article.sections[1:]:
        for at in range(0, len(section.markdown), PASSAGE_CHARS):
            yield f"{section.heading}. {section.markdown[at : at + PASSAGE_CHARS]}"


def owned(articles: Mapping[str, Article]) -> tuple[list[str], list[str]]:
    """(texts, the id of the article that each stands for)."""
    pairs = [(text, id) for id, article in articles.items() for text in standing_for(article)]
    return [text for text, _ in pairs], [id for _, id in pairs]


def own_passages(library: Library) -> int:
    """How many texts stand for the organisation's own articles."""
    own = (a for found in library.articles.values() for a in found.values() if a.origin != "shipped")
    return sum(len(standing_for(article)) for article in own)
