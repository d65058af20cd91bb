"""The sentence model as a graph for onnxruntime, built from its published weights.

A BERT encoder of six layers (Wang et al. 2020, MiniLM), the average of its tokens, and length 1.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LAYERS, HEADS, WIDTH = 6, 12, 384
_EPSILON = 1e-12
_FUSED = "com.microsoft"
_OPSET, _FORMAT = 17, 8


def read_tensors(raw: bytes) -> dict[str, Floats]:
    """The tensors of a safetensors file: a length, a JSON header, then the numbers."""
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + size])
    found = {}
    for name, one in header.items():
        if name == "__metadata__" or one["dtype"] != "F32":
            continue
        start, end = (8 + size + offset for offset in one["data_offsets"])
        found[name] = np.frombuffer(raw[start:end], "<f4").reshape(one["shape"])
    return found


def build(tensors: Mapping[str, Floats]) -> bytes:
    """The graph with its weights inside: token numbers in, the vectors of the tokens out."""
    from onnx import TensorProto, helper, numpy_helper

    drawn = _Drawing(tensors)
    drawn.draw()
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        [
            helper.make_node(op, inputs, [output], domain=domain, **attributes)
            for op, inputs, output, domain, attributes in drawn.nodes
        ],
        "sentences",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT32, shape),
            helper.make_tensor_value_info("places", TensorProto.INT32, ["tokens"]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]),
        ],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, [*shape, WIDTH])],
        [numpy_helper.from_array(values, name) for name, values in drawn.weights.items()],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)],
        ir_version=_FORMAT,
    )
    helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
    return bytes(model.SerializeToString())


class _Drawing:
    """Nodes and weights, as they are put down one after the other."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self._tensors = tensors
        self.nodes: list[tuple[str, list[str], str, str, dict[str, Any]]] = []
        self.weights: dict[str, Floats] = {}

    def draw(self) -> None:
        """The whole encoder."""
        last = self._embedded()
        for layer in range(LAYERS):
            last = self._layer(f"encoder.layer.{layer}", last)
        self._node("Identity", [last], "states")

    def _node(
        self, op: str, inputs: list[str], output: str, fused: bool = False, **attributes: Any
    ) -> str:
        self.nodes.append((op, inputs, output, _FUSED if fused else "", attributes))
        return output

    def _weight(self, name: str, values: Floats) -> str:
        self.weights[name] = np.ascontiguousarray(values)
        return name

    def _kept(self, name: str) -> str:
        return self._weight(name, self._tensors[name])

    def _embedded(self) -> str:
        words = self._kept("embeddings.word_embeddings.weight")
        places = self._weight(
            "places_and_type",
            self._tensors["embeddings.position_embeddings.weight"]
            + self._tensors["embeddings.token_type_embeddings.weight"][0],
        )
        self._node("Gather", [words, "ids"], "word")
        self._node("Gather", [places, "places"], "place")
        self._node("Add", ["word", "place"], "both")
        norm = [self._kept(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias")]
        return self._node(
            "LayerNormalization", ["both", *norm], "embedded", axis=-1, epsilon=_EPSILON
        )

    def _layer(self, base: str, source: str) -> str:
        attended = self._added(
            f"{base}.attention.output",
            self._dense(f"{base}.attention.output.dense", self._attention(base, source)),
            source,
        )
        wide = self._dense(f"{base}.intermediate.dense", attended)
        bias = self._kept(f"{base}.intermediate.dense.bias")
        active = self._node("BiasGelu", [wide, bias], f"{base}.active", fused=True)
        return self._added(f"{base}.output", self._dense(f"{base}.output.dense", active), attended)

    def _attention(self, base: str, source: str) -> str:
        parts = [f"{base}.attention.self.{one}" for one in ("query", "key", "value")]
        weight = self._weight(
            f"{base}.look", np.concatenate([self._tensors[f"{one}.weight"].T for one in parts], 1)
        )
        bias = self._weight(
            f"{base}.look.bias", np.concatenate([self._tensors[f"{one}.bias"] for one in parts])
        )
        inputs = [source, weight, bias, "lengths"]
        return self._node("Attention", inputs, f"{base}.seen", fused=True, num_heads=HEADS)

    def _dense(self, name: str, source: str) -> str:
        """Without its bias, which the next node adds."""
        weight = self._weight(f"{name}.weight", self._tensors[f"{name}.weight"].T)
        return self._node("MatMul", [source, weight], f"{name}.out")

    def _added(self, base: str, new: str, before: str) -> str:
        names = ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
        inputs = [new, before, *(self._kept(f"{base}.{one}") for one in names)]
        return self._node(
            "SkipLayerNormalization", inputs, f"{base}.done", fused=True, epsilon=_EPSILON
        )
