"""Draws the app's two icons: a speech bubble with a way up. ``python -m adapters.teams.manifest.icons`` writes them.

learn.microsoft.com/en-us/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
COLOUR, OUTLINE = 192, 32  # pixels, as Teams asks for
FINE = 4  # samples along each side of a pixel
GREEN, WHITE = (11, 110, 79), (255, 255, 255)

Shade = Callable[[float, float], tuple[int, int, int, int]]
"""x, y from 0 to 1 -> red, green, blue, alpha."""


def bubble(x: float, y: float) -> bool:
    round_part = ((x - 0.5) / 0.40) ** 2 + ((y - 0.45) / 0.34) ** 2 <= 1
    tail = 0.70 <= y <= 0.92 and 0.24 <= x <= 0.24 + (0.92 - y) * 1.1
    return round_part or tail


def way_up(x: float, y: float) -> bool:
    return 0.20 <= y <= 0.64 and abs(y - 0.30 - abs(x - 0.5)) <= 0.09 and abs(x - 0.5) <= 0.22


def coloured(x: float, y: float) -> tuple[int, int, int, int]:
    return (*(WHITE if bubble(x, y) and not way_up(x, y) else GREEN), 255)


def outlined(x: float, y: float) -> tuple[int, int, int, int]:
    return (*WHITE, 255 if bubble(x, y) and not way_up(x, y) else 0)


def png(side: int, shade: Shade) -> bytes:
    rows = b"".join(b"\0" + b"".join(pixel(x, y, side, shade) for x in range(side)) for y in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def pixel(x: int, y: int, side: int, shade: Shade) -> bytes:
    """The mean of its samples, so that edges are smooth."""
    steps = [(n + 0.5) / FINE for n in range(FINE)]
    samples = [shade((x + dx) / side, (y + dy) / side) for dx in steps for dy in steps]
    return bytes(round(sum(channel) / len(samples)) for channel in zip(*samples, strict=True))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


if __name__ == "__main__":
    (HERE / "color.png").write_bytes(png(COLOUR, coloured))
    (HERE / "outline.png").write_bytes(png(OUTLINE, outlined))
