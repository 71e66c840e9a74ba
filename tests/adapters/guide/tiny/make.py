"""Makes the encoder of this folder: ``python make.py``. One vector for each token, out of a table; needs onnx."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

WORDS = ("[UNK]", "somebody", "touched", "my", "knee", "wifi", "password", "mocks", "accent")
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
HERE = Path(__file__).parent

table = numpy_helper.from_array(np.eye(len(WORDS), dtype=np.float32) + np.float32(0.01), "table")
look_up = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in INPUTS]
outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", "hidden"])]
graph = helper.make_graph([look_up], "tiny", inputs, outputs, [table])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), HERE / "model.onnx")

tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
tokenizer.save(str(HERE / "tokenizer.json"))
