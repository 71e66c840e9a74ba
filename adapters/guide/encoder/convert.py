"""Makes model.onnx out of the weights, once: ``python convert.py FOLDER-WITH-model.safetensors [TUNED.safetensors]``.

Needs onnx, onnxruntime, safetensors and numpy; none of it at run time but onnxruntime. The graph is BERT as its paper
draws it (arxiv.org/abs/1810.04805), with the mean of the tokens' vectors as the sentence (huggingface.co/
sentence-transformers/all-MiniLM-L6-v2), and with weights of eight bits.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
OPSET = 20


class Graph:
    """Nodes in the order of their making; a name is whatever a node puts out."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def do(self, op: str, *inputs: str, **attributes: object) -> str:
        out = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [out], **attributes))
        return out

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name].astype(np.float32))

    def dense(self, x: str, name: str) -> str:
        """Transposed, because that is the shape a quantised MatMul takes."""
        kernel = self.constant(f"{name}.kernel", self.weights[f"{name}.weight"].T.astype(np.float32))
        return self.do("Add", self.do("MatMul", x, kernel), self.weight(f"{name}.bias"))

    def norm(self, x: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.do("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def numbers(self, *values: int) -> str:
        return self.constant("shape_" + "_".join(map(str, values)), np.array(values, np.int64))


def embedded(g: Graph) -> str:
    """Word, place and kind of each token, summed."""
    words = g.do("Gather", g.weight("embeddings.word_embeddings.weight"), "input_ids")
    length = g.do("Slice", g.do("Shape", "input_ids"), g.numbers(1), g.numbers(2))
    places = g.do("Slice", g.weight("embeddings.position_embeddings.weight"), g.numbers(0), length, g.numbers(0))
    kind = g.constant("kind", g.weights["embeddings.token_type_embeddings.weight"][0].astype(np.float32))
    return g.norm(g.do("Add", g.do("Add", words, places), kind), "embeddings.LayerNorm")


def attended(g: Graph, x: str, layer: str, hidden: str) -> str:
    def heads(part: str, order: list[int]) -> str:
        split = g.do("Reshape", g.dense(x, f"{layer}.attention.self.{part}"), g.numbers(0, 0, HEADS, WIDTH // HEADS))
        return g.do("Transpose", split, perm=order)

    scores = g.do("MatMul", heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]))
    scale = g.constant("scale", np.array((WIDTH / HEADS) ** -0.5, np.float32))
    shares = g.do("Softmax", g.do("Add", g.do("Mul", scores, scale), hidden), axis=-1)
    mixed = g.do("Transpose", g.do("MatMul", shares, heads("value", [0, 2, 1, 3])), perm=[0, 2, 1, 3])
    joined = g.dense(g.do("Reshape", mixed, g.numbers(0, 0, WIDTH)), f"{layer}.attention.output.dense")
    return g.norm(g.do("Add", x, joined), f"{layer}.attention.output.LayerNorm")


def thought_over(g: Graph, x: str, layer: str) -> str:
    inner = g.do("Gelu", g.dense(x, f"{layer}.intermediate.dense"))
    return g.norm(g.do("Add", x, g.dense(inner, f"{layer}.output.dense")), f"{layer}.output.LayerNorm")


def averaged(g: Graph, x: str, mask: str) -> str:
    """Of the tokens that are there, then of length one."""
    each = g.do("Unsqueeze", mask, g.numbers(-1))
    total = g.do("ReduceSum", g.do("Mul", x, each), g.numbers(1), keepdims=0)
    mean = g.do("Div", total, g.do("ReduceSum", each, g.numbers(1), keepdims=0))
    return g.do("LpNormalization", mean, axis=-1, p=2)


def model(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    g = Graph(weights)
    mask = g.do("Cast", "attention_mask", to=TensorProto.FLOAT)
    gone = g.do("Sub", g.constant("one", np.array(1, np.float32)), g.do("Unsqueeze", mask, g.numbers(1, 2)))
    hidden = g.do("Mul", gone, g.constant("far", np.array(-1e9, np.float32)))
    x = embedded(g)
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}"
        x = thought_over(g, attended(g, x, layer, hidden), layer)
    sentence = averaged(g, x, mask)
    g.nodes.append(helper.make_node("Identity", [sentence], ["sentence"]))
    texts = [
        helper.make_tensor_value_info(n, TensorProto.INT64, ["texts", "tokens"])
        for n in ("input_ids", "attention_mask")
    ]
    out = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["texts", WIDTH])
    graph = helper.make_graph(g.nodes, "minilm", texts, [out], list(g.constants.values()))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)


def main(folder: Path, tuned: Path | None, to: Path) -> None:
    published = folder / "model.safetensors"
    if hashlib.sha256(published.read_bytes()).hexdigest() != WEIGHTS:
        sys.exit(f"{published}: these are not the weights this was made for")
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        onnx.save(model(load_file(tuned or published)), whole)
        onnx.checker.check_model(str(whole))
        quantize_dynamic(
            whole,
            to / "model.onnx",
            weight_type=QuantType.QUInt8,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    print(hashlib.sha256((to / "model.onnx").read_bytes()).hexdigest(), "model.onnx")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None, Path(__file__).parent)
