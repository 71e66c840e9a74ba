"""The lines that the guide's gate learns from, and those that were held back: training/, see its README."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TRAINING = Path(__file__).parent / "training"


def rows(kind: str) -> list[dict[str, Any]]:
    """Of every file whose name starts so: ``misuse`` reads misuse.jsonl and misuse_en.jsonl."""
    files = sorted(TRAINING.glob(f"{kind}*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
