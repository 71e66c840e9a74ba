"""How fast a lane may send: a token bucket that lets answers overtake bulk, and that learns what nobody publishes."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count
from math import inf

SHARE = 0.95  # of the ceiling, so that a clock a little slower than ours never sees more than the ceiling
BURST = 2.0  # makes up for a timer that fires late, and stays under the ceiling within any second
SLOWEST = 1.0  # messages a second, and the size of one step up


class Bucket:
    """ceiling: messages a second; ``math.inf`` for none.

    adaptive: halve the rate on each 429 and win one message a second back for each second without. For platforms that
    publish no allowance for a whole workspace, as Slack: docs.slack.dev/apis/web-api/rate-limits
    """

    def __init__(self, ceiling: float, adaptive: bool = False) -> None:
        if ceiling <= 0:
            raise ValueError(f"a sending rate is above 0 messages a second, not {ceiling:g}")
        self._most = self.rate = ceiling * SHARE
        self._adaptive = adaptive
        self._tokens, self._filled = 1.0, -inf
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None

    async def take(self, priority: int = 0) -> None:
        """Wait for a token; the highest priority gets the next one, then whoever came first."""
        if self.rate == inf:
            return
        turn = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (-priority, next(self._order), turn))
        self._serve()
        await turn

    def slower(self) -> None:
        if self._adaptive:
            self.rate = max(min(SLOWEST, self._most), self.rate / 2)

    def faster(self) -> None:
        """One message went through."""
        if self._adaptive and self.rate < inf:
            self.rate = min(self._most, self.rate + SLOWEST / self.rate)

    def _serve(self) -> None:
        self._fill()
        while self._waiting and self._tokens >= 1:
            turn = heappop(self._waiting)[-1]
            if not turn.done():
                self._tokens -= 1
                turn.set_result(None)
        if self._waiting and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later((1 - self._tokens) / self.rate, self._due)

    def _due(self) -> None:
        self._timer = None
        self._serve()

    def _fill(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._filled > -inf:
            self._tokens = min(BURST, self._tokens + (now - self._filled) * self.rate)
        self._filled = now
