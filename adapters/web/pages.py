"""Fills the templates; everything is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, context: Mapping[str, object], status: int = 200) -> web.Response:
    """Never kept by the browser: every page of ours shows something that belongs to one person."""
    return web.Response(
        text=_templates.get_template(name).render(context),
        content_type="text/html",
        charset="utf-8",
        status=status,
        headers={"Cache-Control": "no-store"},
    )
