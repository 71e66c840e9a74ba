"""What the gate looks at besides meaning: pieces of words, which typos and other languages leave mostly whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.wording import normalised

PIECES = 2**13
SIZES = (3, 4, 5)
CHARS = 600  # of a text; what comes later says little about what kind of text it is
Sparse = tuple[NDArray[np.int64], NDArray[np.float32]]
"""(places, values), of length one."""


def pieces(text: str) -> Sparse:
    """Words, pairs of words and their parts, each at a place that its checksum gives."""
    words = normalised(text[:CHARS]).split()
    counts = Counter(crc32(piece.encode()) % PIECES for piece in _pieces(words))
    places = np.fromiter(counts, np.int64, len(counts))
    values = np.array([1 + log(count) for count in counts.values()], np.float32)
    return places, values / (float(np.linalg.norm(values)) or 1.0)


def _pieces(words: Sequence[str]) -> list[str]:
    pairs = [f"{one}_{two}" for one, two in pairwise(words)]
    parts = [f" {word} "[n : n + size] for word in words for size in SIZES for n in range(max(1, len(word) + 3 - size))]
    return [*(f"={word}" for word in words), *pairs, *parts]
