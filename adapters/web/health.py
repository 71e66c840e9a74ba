"""Tells whoever runs this whether it is alive, and whether it can serve."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

log = structlog.get_logger()

Check = Callable[[], Awaitable[Mapping[str, bool | str]]]
"""name -> True or False: whether that is well; a text is told as it is and makes nothing unready."""


class Health:
    def __init__(self, check: Check) -> None:
        self._check = check

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self.alive)
        app.router.add_get("/readyz", self.ready)

    async def alive(self, request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(self, request: web.Request) -> web.Response:
        try:
            found = await self._check()
        except Exception as failure:  # whatever a check stumbles over, the answer is "not ready"
            log.error("readiness check failed", kind=type(failure).__name__)
            return web.json_response({"ready": False}, status=503)
        well = all(value is not False for value in found.values())
        return web.json_response({"ready": well, **found}, status=200 if well else 503)
