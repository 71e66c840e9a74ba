"""The content room: articles that HR has uploaded. Nothing here says who did."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from adapters.database.tables.shared import Row, table


class ArticleRow(Row, table=True):
    """text: the whole page. digest: of the text, so that a look for changes reads no text. day: of the upload."""

    __tablename__ = "article"

    language: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    text: str
    digest: str
    day: date


articles = table(ArticleRow)
