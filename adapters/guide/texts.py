"""The texts that stand for an article: its title, its short answer, and the ways in which people ask for it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.library import Article

GIST_CHARS = 600


def standing_for(article: Article) -> tuple[str, ...]:
    return (article.title, article.sections[0].markdown[:GIST_CHARS], *article.questions, *article.asked)


def owned(articles: Mapping[str, Article]) -> tuple[list[str], list[str]]:
    """(texts, the id of the article that each stands for)."""
    pairs = [(text, id) for id, article in articles.items() for text in standing_for(article)]
    return [text for text, _ in pairs], [id for _, id in pairs]
