"""Tells a question for the guide from everything else that people type, and hears danger behind other words.

Two linear models over meaning and pieces of words, see train.py. Nobody relies on either: every answer shows the way
to urgent help, and whatever is refused names people to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.guide.encode import BadEncoder, Encoder
from adapters.guide.features import pieces

KINDS = ("guide", "out_of_scope", "misuse", "small_talk")
TRAINED = Path(__file__).parent / "trained.npz"
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """Probabilities from 0 to 1. guide, out_of_scope, misuse and small_talk sum up to one; danger is its own."""

    guide: float
    out_of_scope: float
    misuse: float
    small_talk: float
    danger: float


class Gate:
    def __init__(self, encoder: Encoder, file: Path = TRAINED) -> None:
        """Raises BadEncoder when it was trained with another encoder."""
        with np.load(file) as trained:
            if str(trained["encoder"]) != encoder.name:
                raise BadEncoder(f"{file}: belongs to another encoder; run: python -m bot train-guide")
            self._weights: Vector = np.vstack([trained["kinds"], trained["danger"][None]]).astype(np.float32)
            self._bias: Vector = np.concatenate([trained["kinds_bias"], trained["danger_bias"]]).astype(np.float32)

    def hear(self, text: str, vector: Vector) -> Heard:
        """vector: the text's own."""
        places, values = pieces(text)
        told = self._bias + self._weights[:, : len(vector)] @ vector
        told = told + self._weights[:, len(vector) + places] @ values
        kinds = np.exp(told[:-1] - told[:-1].max())
        shares = [float(share) for share in kinds / kinds.sum()]
        guide, out_of_scope, misuse, small_talk = shares
        return Heard(guide, out_of_scope, misuse, small_talk, float(1 / (1 + np.exp(-told[-1]))))
