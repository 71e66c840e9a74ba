"""Vectors of texts that were encoded before, so that a start takes no minutes: ``known.npz``, written by train.py."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from adapters.guide.encode import Encoder, Vectors

KNOWN = Path(__file__).parent / "known.npz"


def key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:8]


class Known:
    """Of another encoder, or missing: then it knows nothing, and every text is encoded."""

    def __init__(self, encoder: Encoder, file: Path = KNOWN) -> None:
        self._encoder = encoder
        self._rows: dict[bytes, int] = {}
        self._vectors = np.zeros((0, encoder.width), np.float16)
        if file.exists():
            with np.load(file) as kept:
                if str(kept["encoder"]) == encoder.name:
                    self._rows = {bytes(each): n for n, each in enumerate(kept["keys"])}
                    self._vectors = kept["vectors"]

    def missing(self, texts: Sequence[str]) -> list[str]:
        return [text for text in dict.fromkeys(texts) if key(text) not in self._rows]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row for each text; what is not known is encoded now, 1 ms each."""
        fresh = self.missing(texts)
        rows = {**self._rows, **{key(text): len(self._vectors) + n for n, text in enumerate(fresh)}}
        encoded = self._encoder.vectors(fresh) if fresh else self._vectors[:0]
        found = np.concatenate([self._vectors, encoded])[[rows[key(text)] for text in texts]].astype(np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def write(texts: Sequence[str], encoder: Encoder, file: Path = KNOWN) -> None:
    unique = sorted(dict.fromkeys(texts), key=key)
    keys = np.frombuffer(b"".join(map(key, unique)), np.uint8).reshape(-1, 8)
    np.savez_compressed(file, encoder=encoder.name, keys=keys, vectors=encoder.vectors(unique).astype(np.float16))
