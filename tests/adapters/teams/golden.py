"""Golden files: what every card and form of the gallery looks like on Teams.

``UPSTANDER_GOLDEN=write pytest tests/adapters/teams`` writes them again; then read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"


def same_as_golden(name: str, drawn: Any) -> bool:
    path = FOLDER / f"{name}.json"
    text = json.dumps(drawn, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPSTANDER_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    return path.exists() and path.read_text(encoding="utf-8") == text
