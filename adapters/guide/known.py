"""Vectors of texts that were encoded before: of ours in ``known.npz``, which train.py wrote, of others in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from adapters.guide.encode import Encoder, Vectors

KNOWN = "known.npz"


def key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:8]


class Known:
    """Of another encoder, or missing: then it knows nothing, and every text is encoded."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        file = encoder.folder / KNOWN
        self._rows: dict[bytes, int] = {}
        self._vectors = np.zeros((0, encoder.width), np.float16)
        self._learned: dict[bytes, Vectors] = {}
        if file.exists():
            with np.load(file) as kept:
                if str(kept["encoder"]) == encoder.name:
                    self._rows = {bytes(each): n for n, each in enumerate(kept["keys"])}
                    self._vectors = kept["vectors"]

    def missing(self, texts: Sequence[str]) -> list[str]:
        return [text for text in dict.fromkeys(texts) if key(text) not in self._rows]

    def learn(self, texts: Sequence[str], rest: Callable[[int, int], None]) -> None:
        """Encode what is missing, and forget what is no longer asked for.

        rest: is told after each text how many of how many are done, and may take its time.
        """
        missing = self.missing(texts)
        learned = {each: self._learned[each] for each in map(key, missing) if each in self._learned}
        new = [text for text in missing if key(text) not in learned]
        for done, text in enumerate(new, start=1):
            learned[key(text)] = self._encoder.vectors([text])[0]
            rest(done, len(new))
        self._learned = learned

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row for each text; what is not known is encoded now, 1 ms each."""
        fresh = [text for text in self.missing(texts) if key(text) not in self._learned]
        encoded = self._encoder.vectors(fresh) if fresh else self._vectors[:0]
        later = {**self._learned, **dict(zip(map(key, fresh), encoded, strict=True))}
        rows = {**self._rows, **{each: len(self._vectors) + n for n, each in enumerate(later)}}
        vectors = np.concatenate([self._vectors, *([list(later.values())] if later else [])])
        found = vectors[[rows[key(text)] for text in texts]].astype(np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def write(texts: Sequence[str], encoder: Encoder) -> None:
    unique = sorted(dict.fromkeys(texts), key=key)
    keys = np.frombuffer(b"".join(map(key, unique)), np.uint8).reshape(-1, 8)
    np.savez_compressed(
        encoder.folder / KNOWN, encoder=encoder.name, keys=keys, vectors=encoder.vectors(unique).astype(np.float16)
    )
