"""The sentence encoder: what of it is checked, and how another takes its place. tiny/ gives a vector for each token."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from adapters.guide.encode import FILES, BadEncoder, Encoder, pin
from adapters.guide.features import PIECES
from adapters.guide.gate import KINDS
from adapters.guide.guide import Guide, Limits
from bot.library import Library

TINY = Path(__file__).parent / "tiny"


def copied(folder: Path, to: Path, *names: str) -> Path:
    to.mkdir()
    for name in names:
        shutil.copy(folder / name, to)
    return to


@pytest.fixture
def other(tmp_path: Path) -> Path:
    folder = copied(TINY, tmp_path / "encoder", *FILES)
    pin(folder)
    return folder


def trained(folder: Path, encoder: str) -> None:
    width = Encoder(folder).width
    weights = np.zeros((4, width + PIECES), np.float16)
    np.savez(
        folder / "trained.npz",
        encoder=encoder,
        kinds=weights,
        kinds_bias=np.array([9.0, 0.0, 0.0, 0.0]),
        danger=weights[0],
        danger_bias=np.zeros(1),
        lines=np.ones((12, width), np.int8),
        lines_kind=np.arange(12) % len(KINDS),
        lines_language=np.array(["en"] * 12),
    )


@pytest.mark.parametrize("name", FILES)
def test_a_swapped_file_is_not_loaded(name: str, other: Path) -> None:
    with (other / name).open("a") as file:
        file.write(" ")
    with pytest.raises(BadEncoder, match=f"{name}: is not the file"):
        Encoder(other)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_nothing_was_said_of_is_not_loaded(name: str, other: Path) -> None:
    described = json.loads((other / "model.json").read_text("utf-8"))
    del described["files"][name]
    (other / "model.json").write_text(json.dumps(described), "utf-8")
    with pytest.raises(BadEncoder, match=f"lacks {name}"):
        Encoder(other)


@pytest.mark.parametrize("name", ["model.json", *FILES])
def test_a_missing_file_is_named(name: str, other: Path) -> None:
    (other / name).unlink()
    with pytest.raises(BadEncoder, match=name):
        Encoder(other)


def test_what_is_no_model_is_refused_in_words(other: Path) -> None:
    (other / "model.onnx").write_bytes(b"no model")
    pin(other)
    with pytest.raises(BadEncoder, match="encoder: "):
        Encoder(other)


def test_the_mean_of_the_tokens_is_the_text(other: Path) -> None:
    one, both, longer = Encoder(other).vectors(["knee", "my knee", "my knee my knee"])
    assert np.isclose(np.linalg.norm([one, both, longer], axis=1), 1).all()
    assert np.allclose(both, longer) and 0.6 < one @ both < 0.8


def test_an_encoder_without_its_gate_is_refused_with_the_way_to_train_it(other: Path) -> None:
    with pytest.raises(BadEncoder, match=f"run: python -m bot train-guide --encoder {other}"):
        Guide(Library(), Encoder(other))
    trained(other, encoder="another")
    with pytest.raises(BadEncoder, match="belongs to another encoder"):
        Guide(Library(), Encoder(other))


def test_another_encoder_hears_with_its_own_gate(other: Path) -> None:
    trained(other, Encoder(other).name)
    guide = Guide(Library(), Encoder(other))
    assert guide.heard(guide.query("my knee", "en")).guide > 0.9


def test_its_folder_may_set_limits_and_a_misspelt_one_is_named(other: Path) -> None:
    described = json.loads((other / "model.json").read_text("utf-8"))
    (other / "model.json").write_text(json.dumps(described | {"limits": {"guide": 0.5}}), "utf-8")
    assert Limits.of(Encoder(other)) == Limits(guide=0.5)
    (other / "model.json").write_text(json.dumps(described | {"limits": {"gide": 0.5}}), "utf-8")
    with pytest.raises(BadEncoder, match=r"model\.json: limits: .*gide"):
        Limits.of(Encoder(other))
