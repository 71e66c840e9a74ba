"""train-guide: teaches the guide's gate anew, after its articles, questions or training lines have changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.errors import refuse, said_plainly
from adapters.content import load
from adapters.guide import held_back
from adapters.guide.encode import SHIPPED, Encoder, pin
from adapters.guide.guide import Guide
from adapters.settings import LESSONS

Folder = Annotated[
    Path, typer.Option("--encoder", help="Folder of another encoder, with model.onnx and tokenizer.json.", exists=True)
]

Texts = Annotated[Path | None, typer.Option(help="Only write what the encoder is tuned on, to this file.")]

Limits = Annotated[bool, typer.Option("--limits", help="Only show what each limit would cost, on texts held back.")]


def train_guide(texts: Texts = None, limits: Limits = False, encoder: Folder = SHIPPED) -> None:
    """Teach the guide what is a question for it, and keep the vectors of all texts. Needs scikit-learn."""
    with said_plainly():
        library = load(LESSONS).library
        if limits:
            held_back.show(Guide(library, Encoder(encoder)), library.articles)
            return
        try:
            from adapters.guide import train
        except ImportError:
            raise refuse("scikit-learn is not installed: pip install scikit-learn") from None
        if texts:
            train.write_texts(library, texts)
        else:
            if not (encoder / "model.json").exists():
                pin(encoder)
            train.train(library, Encoder(encoder))
