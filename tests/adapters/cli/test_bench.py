"""bench inbound with next to no load: its figures mean nothing here, but all that were promised are there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from adapters.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
FIGURES = ("turns_per_s", "bare_bolt_per_s", "ratio", "p99_ack_ms", "writing_bolt_per_s", "ratio_to_writing_bolt")
SMALL = ("--requests", "20", "--seconds", "0.2", "--rounds", "1")
PATIENCE = 120.0  # seconds


def test_every_figure_is_measured_beside_its_peer(tmp_path: Path) -> None:
    ours = {name.upper() for name in Settings.model_fields}
    told = subprocess.run(
        (sys.executable, "-m", "bot", "bench", "inbound", "--json", *SMALL),
        cwd=tmp_path,
        env={**{name: value for name, value in os.environ.items() if name not in ours}, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert found.keys() == {*FIGURES, "rounds", "peer", "writing_peer", "paced_at_per_s", "database", "machine"}
    assert [name for name in FIGURES if not found[name] > 0] == []
    assert (found["paced_at_per_s"], found["database"], len(found["rounds"])) == (200, "sqlite", 1)
    ((turns, bare_bolt, writing_bolt, p99),) = found["rounds"]
    assert (found["turns_per_s"], found["bare_bolt_per_s"]) == (turns, bare_bolt)
    assert (found["writing_bolt_per_s"], found["p99_ack_ms"]) == (writing_bolt, p99)
    assert abs(found["ratio"] - turns / bare_bolt) < 0.01
