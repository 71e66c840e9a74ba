"""What stands before the playground's handlers, and turns their failures into one readable answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from adapters.web import guard
from adapters.web.parse import Body, Malformed

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Posted = Callable[[Body], Awaitable[web.Response]]

log = structlog.get_logger()


def only_at(hosts: frozenset[str], handler: Handler) -> Handler:
    """Another site can make its name point at this machine; the Host header then still names that site."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if guard.host_name(request) not in hosts:
            return answer({"error": "The playground answers only under its own address."}, 403)
        try:
            return await handler(request)
        except Malformed as wrong:
            return answer({"error": str(wrong)}, 400)
        except web.HTTPException:
            raise
        except Exception as failure:  # people never see a traceback; its text may hold what they typed
            log.error("playground request failed", path=request.path, kind=type(failure).__name__)
            return answer({"error": "That did not work. Please try again."}, 500)

    return guarded


def posted(handler: Posted) -> Handler:
    """``handler`` gets the JSON object of a request that our own page sent."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not guard.from_our_page(request):
            return answer({"error": "This request did not come from the playground."}, 403)
        if request.content_type != "application/json":
            return answer({"error": "JSON is needed."}, 415)
        return await handler(await _object(request))

    return checked


async def _object(request: web.Request) -> Body:
    try:
        body = await request.json()
    except ValueError:
        raise Malformed("the request: is not JSON") from None
    if not isinstance(body, dict):
        raise Malformed("the request: an object is needed")
    return body


def answer(told: object, status: int = 200) -> web.Response:
    return web.json_response(told, status=status, headers={"Cache-Control": "no-store"})
