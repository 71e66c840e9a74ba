"""Teaches an encoder this subject: ``python tune.py FOLDER WEIGHTS TEXTS.jsonl OUT``.

FOLDER holds tokenizer.json and model.safetensors as they were before any tuning. WEIGHTS: that file, or what an earlier
run wrote, to teach it more.
TEXTS.jsonl comes from ``python -m bot train-guide --texts``: {"text", "article", "kind", "danger", "like"} a line;
article and like are null where there is none, kind and danger are -1 where nobody knows. Each text is drawn to the one
point of its article and away from all others (normalised softmax, arxiv.org/abs/1704.06369), a translation to the
sentence it is like and away from others (arxiv.org/abs/2004.09813 has the idea), and two linear heads learn what kind
of text it is and whether it sounds like danger. Points and heads are thrown away. The words' own vectors stay as they
were published; those that widen.py added move a little. So that it learns what texts say rather than the texts, a tenth
of the numbers inside is silenced at each step (dropout, jmlr.org/papers/v15/srivastava14a.html), and a tenth of the
words in every other text. Texts that are none of our subjects stay as far from each other as they were, since an
organisation writes articles of its own about anything.

Needs jax, optax, safetensors, tokenizers and numpy; nothing of it at run time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

LAYERS, HEADS, WIDTH = 6, 12, 384
TOKENS, BATCH, PAIRS, EPOCHS, RATE, HEAT = 48, 48, 16, 2, 1.2e-4, 0.07
ALIKE, KIND, DANGER, LIKE, APART = 1.0, 1.0, 1.5, 0.8, 1.5  # what each lesson weighs
SILENT, LOST = 0.1, 0.1  # share of the numbers inside, and of the words of a text that loses some
TOGETHER = 8  # batches whose texts are sorted by length, so that little is filled up
SLOW = 0.3  # how fast an added word's vector moves beside the layers
OTHER = (-1, 1)  # kinds of a text on another subject: unknown, out of scope
WORDS = "embeddings.word_embeddings.weight"
Weights = dict[str, Any]


def norm(x: Any, w: Weights, name: str) -> Any:
    mean, spread = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(spread + 1e-12) * w[f"{name}.weight"] + w[f"{name}.bias"]


def dense(x: Any, w: Weights, name: str) -> Any:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def silenced(x: Any, chance: Any, n: int) -> Any:
    """chance: None where nothing is learned."""
    if chance is None:
        return x
    heard = jax.random.bernoulli(jax.random.fold_in(chance, n), 1 - SILENT, x.shape)
    return jnp.where(heard, x / (1 - SILENT), 0)


def layer(x: Any, far: Any, w: Weights, n: int, chance: Any) -> Any:
    at = f"encoder.layer.{n}"
    shape = (*x.shape[:2], HEADS, WIDTH // HEADS)
    q, k, v = (dense(x, w, f"{at}.attention.self.{part}").reshape(shape) for part in ("query", "key", "value"))
    shares = jax.nn.softmax(jnp.einsum("bqhd,bkhd->bhqk", q, k) * (WIDTH / HEADS) ** -0.5 + far, -1)
    mixed = jnp.einsum("bhqk,bkhd->bqhd", shares, v).reshape(x.shape)
    mixed = silenced(dense(mixed, w, f"{at}.attention.output.dense"), chance, 2 * n)
    x = norm(x + mixed, w, f"{at}.attention.output.LayerNorm")
    inner = jax.nn.gelu(dense(x, w, f"{at}.intermediate.dense"), approximate=False)
    inner = silenced(dense(inner, w, f"{at}.output.dense"), chance, 2 * n + 1)
    return norm(x + inner, w, f"{at}.output.LayerNorm")


def spelt(w: Weights) -> Any:
    """Each token's vector, with how far the added ones have moved."""
    return w[WORDS].at[w["fresh"]].add(SLOW * w["moved"])


def sentences(w: Weights, ids: Any, mask: Any, chance: Any = None) -> Any:
    words = spelt(w)[ids]
    places = w["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = norm(words + places + w["embeddings.token_type_embeddings.weight"][0], w, "embeddings.LayerNorm")
    x = silenced(x, chance, 2 * LAYERS)
    far = (1.0 - mask[:, None, None, :]) * -1e9
    for n in range(LAYERS):
        x = layer(x, far, w, n, chance)
    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def loss(taught: Weights, fixed: Weights, heads: Weights, batch: Weights) -> Any:
    w = fixed | taught
    v = sentences(w, batch["ids"], batch["mask"], batch["chance"])
    points = heads["points"] / jnp.linalg.norm(heads["points"], axis=1, keepdims=True)
    near = jax.nn.log_softmax(v @ points.T / HEAT)
    has = batch["article"] >= 0
    alike = -(jnp.take_along_axis(near, jnp.maximum(batch["article"], 0)[:, None], 1)[:, 0] * has).sum() / jnp.maximum(
        has.sum(), 1
    )
    kinds = jax.nn.log_softmax(v @ heads["kind"] + heads["kind_bias"])
    told = batch["kind"] >= 0
    kind = -(jnp.take_along_axis(kinds, jnp.maximum(batch["kind"], 0)[:, None], 1)[:, 0] * told).sum() / jnp.maximum(
        told.sum(), 1
    )
    odds = v @ heads["danger"] + heads["danger_bias"]
    known = batch["danger"] >= 0
    danger = optax.sigmoid_binary_cross_entropy(odds, jnp.maximum(batch["danger"], 0)) * known
    weigh = jnp.where(batch["danger"] == 1, 3.0, 1.0)
    told = ALIKE * alike + KIND * kind + DANGER * (danger * weigh).sum() / jnp.maximum(known.sum(), 1)
    like = nearest(sentences(w, *batch["mine"]), sentences(w, *batch["theirs"]))
    return told + LIKE * like + APART * moved_together(v, batch["before"], batch["other"])


def moved_together(now: Any, before: Any, other: Any) -> Any:
    """How far the cosines between texts on other subjects are from those before any tuning. other: 1 for such."""
    both = other[:, None] * other[None] * (1 - jnp.eye(len(other)))
    return ((now @ now.T - before @ before.T) ** 2 * both).sum() / jnp.maximum(both.sum(), 1)


def nearest(mine: Any, theirs: Any) -> Any:
    """Each of them is nearest to the one at its own place."""
    near = mine @ theirs.T / HEAT
    return -(jnp.trace(jax.nn.log_softmax(near)) + jnp.trace(jax.nn.log_softmax(near.T))) / (2 * near.shape[0])


def batches(lengths: Any, chance: np.random.RandomState) -> list[Any]:
    """Places of texts of about the same length, in any order."""
    order = chance.permutation(len(lengths))
    few = [order[start : start + BATCH * TOGETHER] for start in range(0, len(order), BATCH * TOGETHER)]
    found = [
        some[np.argsort(lengths[some], kind="stable")][start : start + BATCH]
        for some in few
        for start in range(0, len(some) - BATCH + 1, BATCH)
    ]
    return [found[n] for n in chance.permutation(len(found))]


def some_lost(mask: Any, chance: np.random.RandomState) -> Any:
    lost = (chance.rand(*mask.shape) < LOST) & (chance.rand(len(mask), 1) < 0.5)
    lost[:, 0] = False
    return np.where(lost, 0, mask).astype(np.float32)


def longest(mask: Any) -> int:
    """Tokens, in sixteens, so that few shapes are compiled."""
    return 16 * -(-int(mask.sum(1).max()) // 16)


def vectors(weights: Weights, ids: Any, mask: Any) -> Any:
    found, encode = np.zeros((len(ids), WIDTH), np.float32), jax.jit(sentences)
    order = np.argsort(mask.sum(1), kind="stable")
    for start in range(0, len(order), 64):
        some = order[start : start + 64]
        wide = longest(mask[some])
        found[some] = encode(weights, ids[some, :wide], mask[some, :wide])
    return found


def read_weights(file: Path) -> Weights:
    weights = {k: jnp.asarray(v) for k, v in load_file(file).items() if "position_ids" not in k}
    weights.setdefault("fresh", jnp.zeros(0, jnp.int32))
    return weights | {"moved": jnp.zeros((len(weights["fresh"]), WIDTH))}


def encoded(tokenizer: Tokenizer, texts: list[str]) -> tuple[Any, Any]:
    tokens = tokenizer.encode_batch(texts)
    return np.array([t.ids for t in tokens]), np.array([t.attention_mask for t in tokens], np.float32)


def main(folder: Path, start_from: Path, texts: Path, out: Path) -> None:
    weights, published = read_weights(start_from), read_weights(folder / "model.safetensors")
    lines = [json.loads(line) for line in texts.read_text("utf-8").splitlines()]
    rows, pairs = [one for one in lines if one["like"] is None], [one for one in lines if one["like"] is not None]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.enable_padding(length=TOKENS)
    ids, mask = encoded(tokenizer, [row["text"] for row in rows])
    tokenizer.enable_truncation(TOKENS // 2)
    tokenizer.enable_padding(length=TOKENS // 2)
    mine, theirs = (encoded(tokenizer, [pair[side] for pair in pairs]) for side in ("like", "text"))
    names = sorted({row["article"] for row in rows if row["article"]})
    for row in rows:
        row["article"] = names.index(row["article"]) if row["article"] else -1
    taught = {k: v for k, v in weights.items() if k.startswith("encoder.layer.") or k == "moved"}
    fixed = {k: v for k, v in weights.items() if k not in taught}
    chance = np.random.RandomState(1)
    label = {name: np.array([row[name] for row in rows]) for name in ("article", "kind", "danger")}
    of = label["article"]
    first, other = vectors(weights, ids, mask), (of < 0) & np.isin(label["kind"], OTHER) & (label["danger"] < 1)
    before = np.zeros_like(first)
    before[other] = vectors(published, ids[other], mask[other])
    label |= {"before": before, "other": other.astype(np.float32)}
    heads: Weights = {
        "points": jnp.asarray(np.stack([first[of == n].mean(0) for n in range(len(names))])),
        "kind": jnp.asarray(chance.normal(0, 0.1, (WIDTH, 4)), jnp.float32),
        "kind_bias": jnp.zeros(4),
        "danger": jnp.asarray(chance.normal(0, 0.1, WIDTH), jnp.float32),
        "danger_bias": jnp.zeros(()),
    }
    steps = EPOCHS * (len(rows) // BATCH)
    slow = optax.adamw(optax.warmup_cosine_decay_schedule(0.0, RATE, steps // 10, steps), weight_decay=0.01)
    quick = optax.adam(2e-2)
    state, head_state = slow.init(taught), quick.init(heads)

    @jax.jit  # type: ignore[untyped-decorator]
    def learn(taught: Weights, heads: Weights, state: Any, head_state: Any, batch: Weights) -> Any:
        value, (g, h) = jax.value_and_grad(lambda t, s: loss(t, fixed, s, batch), (0, 1))(taught, heads)
        change, state = slow.update(g, state, taught)
        head_change, head_state = quick.update(h, head_state)
        return optax.apply_updates(taught, change), optax.apply_updates(heads, head_change), state, head_state, value

    done = 0
    for _ in range(EPOCHS):
        for some in batches(mask.sum(1), chance):
            wide = longest(mask[some])
            batch = {"ids": ids[some, :wide], "mask": some_lost(mask[some, :wide], chance)}
            batch |= {"chance": jax.random.key(done, impl="rbg"), **{k: v[some] for k, v in label.items()}}
            few = chance.choice(len(pairs), PAIRS, replace=False)
            batch |= {"mine": [part[few] for part in mine], "theirs": [part[few] for part in theirs]}
            taught, heads, state, head_state, value = learn(taught, heads, state, head_state, batch)
            done += 1
            if done % 20 == 0:
                print(f"{done}/{steps}: {float(value):.3f}", flush=True)
    learned = fixed | taught
    learned[WORDS] = spelt(learned)
    save_file({k: np.asarray(v) for k, v in learned.items() if k != "moved"}, out)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
