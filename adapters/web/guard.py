"""What protects every page: response headers, and the question whether a request came from our own page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

STATIC = Path(__file__).parent / "static"
POLICY = "; ".join(
    (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def protect(app: web.Application) -> None:
    """Headers on every answer of ``app``, errors and streams included; the files pages need. Safe to call twice."""
    if _add_headers not in app.on_response_prepare:
        app.on_response_prepare.append(_add_headers)
        app.router.add_static("/static", STATIC)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache")


def from_our_page(request: web.Request) -> bool:
    """Browsers of today say so in Sec-Fetch-Site; older ones send the Origin. A request with neither is refused."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return _netloc(request.headers.get("Origin", "")) == request.host


def _netloc(origin: str) -> str | None:
    """None for what is no address: a request without a host must not be taken for one from nowhere."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def host_name(request: web.Request) -> str:
    """The name the browser believes it talks to, without the port; "" when it is not one."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
