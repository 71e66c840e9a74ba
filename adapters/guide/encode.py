"""Texts become vectors whose nearness is nearness in meaning: a small sentence encoder, on the CPU of this machine.

onnxruntime.ai/docs/api/python and huggingface.co/docs/tokenizers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
"""One row for each text, of length one."""

SHIPPED = Path(__file__).parent / "encoder"
TOKENS = 96  # of a text; a longer one is a story, whose first words say what it is about


class BadEncoder(Exception):
    """A file of the encoder is missing, or is not the one its hash says."""


class Encoder:
    """One core. ``folder`` holds model.json, which names the files and their SHA-256."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Raises BadEncoder."""
        files = _checked(folder)
        self.name = hashlib.sha256("".join(sorted(files)).encode()).hexdigest()[:16]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(folder / "model.onnx", options, ["CPUExecutionProvider"])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One by one: together they would take as long, and weights of eight bits see their neighbours a little."""
        found: Vectors = np.zeros((len(texts), self.width), np.float32)
        for n, text in enumerate(texts):
            found[n] = self._encoded(text)
        return found

    @property
    def width(self) -> int:
        return int(self._session.get_outputs()[0].shape[1])

    def _encoded(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        (sentences,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return np.asarray(sentences[0], np.float32)


def _checked(folder: Path) -> list[str]:
    """The hashes of the files. A model that somebody swapped answers differently, so it is not loaded."""
    described = folder / "model.json"
    try:
        wanted = json.loads(described.read_text("utf-8"))["files"]
        for name, hash in wanted.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != hash:
                raise BadEncoder(f"{folder / name}: is not the file whose SHA-256 {described} says")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BadEncoder(f"{described}: {wrong}") from None
    return list(wanted.values())
