"""Tells a question for the guide from everything else that people type, and hears danger behind other words.

Two linear models over meaning and pieces of words, see train.py; beside the first, how near the text is to lines of
each kind. Nobody relies on either: every answer shows the way to urgent help, and whatever is refused names people to
ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.guide.encode import BadEncoder, Encoder
from adapters.guide.features import pieces
from bot.library import Language

KINDS = ("guide", "out_of_scope", "misuse", "small_talk")
TRAINED = "trained.npz"
NEAREST = 3  # lines of a kind whose mean cosine counts
NEARNESS = 40.0  # what that weighs, chosen on lines that were held back
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """Probabilities from 0 to 1. guide, out_of_scope, misuse and small_talk sum up to one; danger is its own.

    elsewhere: how near, as a cosine, the text is to taught lines that are out of scope.
    """

    guide: float
    out_of_scope: float
    misuse: float
    small_talk: float
    danger: float
    elsewhere: float


class Gate:
    def __init__(self, encoder: Encoder) -> None:
        """Raises BadEncoder when it was not trained with this encoder."""
        file = encoder.folder / TRAINED
        if not file.exists():
            raise BadEncoder(f"{file}: is missing; run: python -m bot train-guide --encoder {encoder.folder}")
        with np.load(file) as trained:
            if str(trained["encoder"]) != encoder.name:
                raise BadEncoder(f"{file}: belongs to another encoder; run: python -m bot train-guide")
            self._weights: Vector = np.vstack([trained["kinds"], trained["danger"][None]]).astype(np.float32)
            self._bias: Vector = np.concatenate([trained["kinds_bias"], trained["danger_bias"]]).astype(np.float32)
            self._lines = _lines(trained["lines"], trained["lines_kind"], trained["lines_language"])

    def hear(self, text: str, vector: Vector, language: Language, asked: Vector) -> Heard:
        """vector: the text's own. asked: its cosines to what stands for our articles."""
        places, values = pieces(text)
        told = self._bias + self._weights[:, : len(vector)] @ vector
        told = told + self._weights[:, len(vector) + places] @ values
        fair, *others = (lines @ vector for lines in self._lines.get(language, self._lines["en"]))
        near = np.array([_nearest(cosines) for cosines in (np.concatenate([fair, asked]), *others)])
        kinds = told[:-1] + NEARNESS * near
        kinds = np.exp(kinds - kinds.max())
        shares = [float(share) for share in kinds / kinds.sum()]
        guide, out_of_scope, misuse, small_talk = shares
        danger = float(1 / (1 + np.exp(-told[-1])))
        return Heard(guide, out_of_scope, misuse, small_talk, danger, float(near[KINDS.index("out_of_scope")]))


def _nearest(cosines: Vector) -> float:
    return float(np.partition(cosines, -NEAREST)[-NEAREST:].mean())


def _lines(
    vectors: NDArray[np.int8], kinds: NDArray[np.int64], languages: NDArray[np.str_]
) -> Mapping[Language, tuple[Vector, ...]]:
    """The lines of each of KINDS, for a language with enough of each; those of the guide look like something else."""
    whole = vectors.astype(np.float32)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    found = {
        str(language): tuple(whole[(languages == language) & (kinds == n)] for n in range(len(KINDS)))
        for language in np.unique(languages)
    }
    return {language: lines for language, lines in found.items() if min(map(len, lines)) >= NEAREST}
