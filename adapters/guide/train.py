"""Teaches the gate what is a question for the guide, what is none, what is misuse, and what sounds like danger.

``python -m bot train-guide`` reads lessons/ and training/, and writes trained.npz and known.npz beside the encoder.
Needs scikit-learn, which nothing else here does. It holds back a fifth of the texts and prints what the linear models
make of them; held_back.py says what the whole gate does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from adapters.guide.encode import Encoder
from adapters.guide.features import PIECES, pieces
from adapters.guide.gate import KINDS, TRAINED
from adapters.guide.known import KNOWN, write
from adapters.guide.lines import rows
from adapters.guide.texts import owned, standing_for
from bot.library import Article, Library

FOLDS = 5
STRENGTH = 3.0
NEAR_DANGER = frozenset(
    ("suicidal-crisis", "immediate-danger", "sexual-assault", "domestic-violence", "stalking", "threats-violence")
)
"""Articles whose questions may be danger or not, so they teach neither."""
MARKS = re.compile(r"^\s*([-*]|\d+\.)\s+|\*\*")
ENDS = re.compile(r"(?<=[.!?:])[\"»]?\s+")
Labelled = list[tuple[str, int]]


def asked(library: Library) -> list[tuple[str, str]]:
    """(text, article) of everything that people ask the guide."""
    articles = [article for found in library.articles.values() for article in found.values()]
    inside = [(text, article.id) for article in articles for text in (*article.questions, *article.asked)]
    return inside + [(row["text"], row["article"]) for row in rows("fair_neighbours")]


def questions(library: Library) -> Labelled:
    """(text, its place in KINDS). Danger is never small talk; two or three words can be all that somebody gets out."""
    others = [(row["text"], KINDS.index(kind)) for kind in KINDS[1:] for row in rows(kind)]
    short = [(row["text"], 0) for row in rows("fair_neighbours_short")]
    urgent = [(row["text"], 0) for name in ("crisis", "danger") for row in rows(name) if row["urgent"]]
    return [(text, 0) for text, _ in asked(library)] + 4 * short + urgent + others


def dangers(library: Library) -> Labelled:
    """(text, 1 for danger). What nobody would call urgent counts as calm as well."""
    said = [(row["text"], int(row["urgent"])) for name in ("crisis", "calm", "danger") for row in rows(name)]
    others = [(row["text"], 0) for kind in KINDS[1:] for row in rows(kind)]
    return said + others + [(text, 0) for text, article in asked(library) if article not in NEAR_DANGER]


def near_lines(encoder: Encoder) -> dict[str, Any]:
    """What gate.py calls near. Cosines hardly change when vectors are kept in eight bits."""
    kinds = ("fair_neighbours", *KINDS[1:])
    kept = {row["text"]: (row["lang"], n) for n, kind in enumerate(kinds) for row in rows(kind)}
    vectors = encoder.vectors(list(kept))
    return {
        "lines": np.round(vectors * (127 / np.abs(vectors).max())).astype(np.int8),
        "lines_kind": np.array([kind for _, kind in kept.values()]),
        "lines_language": np.array([language for language, _ in kept.values()]),
    }


def texts(library: Library) -> Iterator[dict[str, Any]]:
    """What encoder/tune.py learns from; -1: nobody knows. like: the English sentence that it is a translation of."""
    kinds, danger = dict(questions(library)), dict(dangers(library))
    titles = [(t, a.id) for found in library.articles.values() for a in found.values() for t in standing_for(a)[:2]]
    articles = dict([*titles, *asked(library)])
    for text in dict.fromkeys([*articles, *kinds, *danger]):
        kind = 0 if text in articles else kinds.get(text, -1)
        yield {"text": text, "article": articles.get(text), "kind": kind, "danger": danger.get(text, -1), "like": None}
    alike = [(row["like"], row["text"]) for row in rows("alike")]
    for english, other in dict.fromkeys([*translated(library), *alike]):
        yield {"text": other, "article": None, "kind": -1, "danger": -1, "like": english}


def translated(library: Library) -> Iterator[tuple[str, str]]:
    """Sentences of articles beside those of their translations; whole lines where their numbers differ."""
    english = library.articles["en"]
    others = [article for found in library.articles.values() for article in found.values() if article.language != "en"]
    for article in others:
        mine, theirs = lines(english[article.id]), lines(article)
        for one, other in zip(mine, theirs, strict=True) if len(mine) == len(theirs) else ():
            pairs = list(zip(sentences(one), sentences(other), strict=False))
            yield from pairs if len(sentences(one)) == len(sentences(other)) else [(one, other)]


def lines(article: Article) -> list[str]:
    text = "\n".join([article.title, *(part for s in article.sections for part in (s.heading, s.markdown))])
    plain = (MARKS.sub("", line).strip() for line in text.splitlines())
    return [line for line in plain if line]


def sentences(line: str) -> list[str]:
    return [part for part in ENDS.split(line) if part]


def matrix(texts: Sequence[str], encoder: Encoder) -> csr_matrix:
    sparse = [pieces(text) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in sparse)])
    parts = csr_matrix(
        (np.concatenate([v for _, v in sparse]), np.concatenate([p for p, _ in sparse]), ends), (len(texts), PIECES)
    )
    return csr_matrix(hstack([csr_matrix(encoder.vectors(texts)), parts]))


def learned(labelled: Labelled, encoder: Encoder, strength: float, names: Sequence[str]) -> LogisticRegression:
    texts, labels = [text for text, _ in labelled], np.array([label for _, label in labelled])
    seen = matrix(texts, encoder)
    held = np.arange(len(texts)) % FOLDS == 0
    order = np.random.RandomState(0).permutation(len(texts))
    train, check = order[~held], order[held]
    tried = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced").fit(seen[train], labels[train])
    found = tried.predict(seen[check])
    for n, name in enumerate(names):
        right = found[labels[check] == n] == n
        print(f"  {name:>14}: {right.mean():.3f} of {len(right)}")
    return LogisticRegression(C=strength, max_iter=2000, class_weight="balanced").fit(seen, labels)


def write_texts(library: Library, to: Path) -> None:
    to.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in texts(library)), "utf-8")


def train(library: Library, encoder: Encoder) -> None:
    print("kinds, held back:")
    kinds = learned(questions(library), encoder, STRENGTH, KINDS)
    print("danger, held back:")
    danger = learned(dangers(library), encoder, STRENGTH, ("calm", "danger"))
    np.savez_compressed(
        encoder.folder / TRAINED,
        encoder=encoder.name,
        kinds=kinds.coef_.astype(np.float16),
        kinds_bias=kinds.intercept_.astype(np.float32),
        danger=danger.coef_[0].astype(np.float16),
        danger_bias=danger.intercept_.astype(np.float32),
        **near_lines(encoder),
    )
    write([text for found in library.articles.values() for text in owned(found)[0]], encoder)
    print(f"wrote {TRAINED} and {KNOWN} into {encoder.folder}")
