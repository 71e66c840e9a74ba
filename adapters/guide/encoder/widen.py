"""Teaches an encoder whole words of another language: ``python widen.py FOLDER WEIGHTS WORDS.tsv OUT``.

FOLDER holds tokenizer.json. A line of WORDS.tsv is a word, without accents as the tokenizer sees it, a tab, and what it
is in English. A new word's first vector is the mean of its English pieces' vectors, so a sentence of such words reads
like their gloss (arxiv.org/abs/2112.06598 has the idea); tune.py does the rest. They take the places of tokens that
nobody here types, the published vocabulary's empty slots and its other scripts, and then go on at the end. OUT gets
tokenizer.json and model.safetensors, in which ``fresh`` names the new places.

Needs safetensors, tokenizers and numpy; nothing of it at run time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

WORDS = "embeddings.word_embeddings.weight"
LAST_LATIN = 0x24F


def glosses(file: Path) -> dict[str, str]:
    return dict(line.split("\t") for line in file.read_text("utf-8").splitlines())


def spare(vocabulary: dict[str, int]) -> list[str]:
    """Tokens to give up: slots that were never used, and scripts that no article is written in."""
    foreign = (token for token in vocabulary if any(ord(letter) > LAST_LATIN and letter.isalpha() for letter in token))
    unused = (token for token in vocabulary if token.startswith("[unused"))
    return sorted({*foreign, *unused}, key=vocabulary.__getitem__)


def meant(gloss: str, tokenizer: Tokenizer, vectors: Any) -> Any:
    """The mean of the pieces, as long as a word's vector usually is."""
    pieces = tokenizer.encode(gloss, add_special_tokens=False).ids
    mean = vectors[pieces].mean(0)
    return mean * (np.linalg.norm(vectors[pieces], axis=1).mean() / np.linalg.norm(mean))


def main(folder: Path, start_from: Path, words: Path, out: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    kept: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    vocabulary: dict[str, int] = kept["model"]["vocab"]
    weights = load_file(start_from)
    vectors = weights[WORDS]
    new = {word: gloss for word, gloss in glosses(words).items() if word not in vocabulary}
    free = [vocabulary.pop(token) for token in spare(vocabulary)[: len(new)]]
    places = [*free, *range(len(vectors), len(vectors) + len(new) - len(free))]
    vocabulary |= dict(zip(new, places, strict=True))
    wider = np.concatenate([vectors, np.zeros((max(0, len(new) - len(free)), vectors.shape[1]), np.float32)])
    for place, gloss in zip(places, new.values(), strict=True):
        wider[place] = meant(gloss, tokenizer, vectors)
    kept["model"]["vocab"] = dict(sorted(vocabulary.items(), key=lambda one: one[1]))
    out.mkdir(exist_ok=True)
    (out / "tokenizer.json").write_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")), "utf-8")
    save_file({**weights, WORDS: wider, "fresh": np.array(places, np.int64)}, out / "model.safetensors")
    print(f"{len(new)} new words, {len(free)} of them in places that were given up; {len(wider)} in all")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
