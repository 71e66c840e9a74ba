"""Texts become vectors whose nearness is nearness in meaning: a small sentence encoder, on the CPU of this machine.

onnxruntime.ai/docs/api/python and huggingface.co/docs/tokenizers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
"""One row for each text, of length one."""

SHIPPED = Path(__file__).parent / "encoder"
FILES = ("model.onnx", "tokenizer.json")
TOKENS = 96  # of a text; a longer one is a story, whose first words say what it is about


class BadEncoder(Exception):
    """A file of the encoder is missing, or is not the one its hash says."""


class Encoder:
    """One core. ``folder`` holds FILES, model.json with their SHA-256, and what train.py wrote for them.

    The model takes input_ids and attention_mask, and token_type_ids if it names them; it gives one vector for the text,
    or one for each token, whose mean then counts: huggingface.co/docs/optimum/exporters/onnx/overview.

    limits: what its folder says of guide.Limits; the others are those of the shipped encoder.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Raises BadEncoder."""
        described = _checked(folder)
        self.folder = folder
        self.name = hashlib.sha256("".join(sorted(described["files"].values())).encode()).hexdigest()[:16]
        self.limits: dict[str, float] = described.get("limits", {})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(folder / "model.onnx", options, ["CPUExecutionProvider"])
        except Exception as wrong:
            raise BadEncoder(f"{folder}: {wrong}") from None
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.no_padding()
        self._inputs = {each.name for each in self._session.get_inputs()}
        self.width = len(self._encoded("width"))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One by one: together they would take as long, and weights of eight bits see their neighbours a little."""
        found: Vectors = np.zeros((len(texts), self.width), np.float32)
        for n, text in enumerate(texts):
            found[n] = self._encoded(text)
        return found

    def _encoded(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (found, *_) = self._session.run(None, {name: given[name] for name in self._inputs & given.keys()})
        vector = np.asarray(found[0] if found.ndim == 2 else found[0].mean(0), np.float32)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def pin(folder: Path) -> None:
    """Write model.json for the files that are there now, so that others are refused later. Raises BadEncoder."""
    try:
        files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    except OSError as wrong:
        raise BadEncoder(str(wrong)) from None
    (folder / "model.json").write_text(json.dumps({"files": files}, indent=2) + "\n", "utf-8")


def _checked(folder: Path) -> dict[str, Any]:
    """What model.json says. A model that somebody swapped answers differently, so it is not loaded."""
    described = folder / "model.json"
    try:
        found: dict[str, Any] = json.loads(described.read_text("utf-8"))
        if missing := set(FILES) - found["files"].keys():
            raise BadEncoder(f"{described}: files: lacks {', '.join(sorted(missing))}")
        for name, hash in found["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != hash:
                raise BadEncoder(f"{folder / name}: is not the file whose SHA-256 {described} says")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BadEncoder(f"{described}: {wrong}") from None
    return found
