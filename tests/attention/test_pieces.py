"""Tokens of every kind of tokenizer, as people read them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from attention import AttentionTrace, trace
from attention.pretrained.pieces import Pieces, split_text
from attention.pretrained.tokenizer import CheckpointTokenizer
from attention.text import tidy
from tests.attention.checkpoints import byte_fallback, byte_level, ended_words, make, roberta_bytes, unigram, word_piece

TOKENIZERS: dict[str, Callable[[], Tokenizer]] = {
    maker.__name__: maker for maker in (word_piece, byte_level, roberta_bytes, unigram, byte_fallback, ended_words)
}
MARKS = ("##", "Ġ", "▁", "</w>", "Ã", "0x")
letters = st.characters(categories=("L", "M", "N", "P", "S"), exclude_characters="#▁ĠÃx<>")
words = st.lists(st.text(letters, min_size=1, max_size=8), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def tiny_trace() -> AttentionTrace:
    return trace("a")


@pytest.fixture(scope="module", params=TOKENIZERS)
def split(request: pytest.FixtureRequest, tiny_trace: AttentionTrace) -> Callable[[str], AttentionTrace]:
    """Return a function from a text to a trace with its tokens, whose numbers are another text's."""
    tokenizer = CheckpointTokenizer.of(TOKENIZERS[request.param]())
    return lambda text: replace(tiny_trace, sentence=text, **vars(split_text(text, tokenizer, 1000)))


def pieces_of(text: str, tokenizer: Tokenizer) -> Pieces:
    return split_text(text, CheckpointTokenizer.of(tokenizer), 1000)


def shown(t: AttentionTrace) -> tuple[str, ...]:
    """Return the labels of the text's own tokens."""
    return tuple(label for label, special in zip(t.labels, t.special, strict=True) if not special)


def test_labels_are_the_texts_own_letters(split: Callable[[str], AttentionTrace]) -> None:
    t = split("The cats sat on the mat, unbelievably tired.")
    assert "".join(shown(t)).replace("␣", "") == t.sentence.replace(" ", "")
    words = ["".join(np.array(t.labels)[t.word_ids == word]).replace("␣", "") for word in np.unique(t.word_ids)]
    plain = [word for word, special in zip(words, special_words(t), strict=True) if not special]
    assert plain == ["The", "cats", "sat", "on", "the", "mat", ",", "unbelievably", "tired", "."]


def special_words(t: AttentionTrace) -> list[bool]:
    return [bool(t.special[t.word_ids == word].all()) for word in np.unique(t.word_ids)]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words)
def test_any_text_is_shown_without_marks(split: Callable[[str], AttentionTrace], pieces: list[str]) -> None:
    t = split(tidy(" ".join(pieces)))
    assert not any(mark in label for label in shown(t) for mark in MARKS), t.labels
    assert all(t.labels)
    assert (np.diff(t.word_ids) >= 0).all()
    assert (np.diff(t.word_ids) <= 1).all()
    assert (np.diff(t.spans[:, 0]) >= 0).all()
    assert (t.spans[:, 0] <= t.spans[:, 1]).all()
    assert (t.spans[t.special, 0] == t.spans[t.special, 1]).all()
    for index in np.flatnonzero(t.continues):
        between = t.sentence[t.spans[index - 1, 0] : t.spans[index, 0]]
        assert " " not in between or t.labels[index - 1] == "␣"


def test_bytes_that_share_a_character_are_told_apart() -> None:
    def labels(tokenizer: Tokenizer, text: str) -> list[str]:
        pieces = pieces_of(text, tokenizer)
        return [reading for reading, special in zip(pieces.readings, pieces.special, strict=True) if not special]

    assert labels(byte_level(), "🙂") == ["<F0>", "<9F>", "<99>", "<82>"]
    assert labels(byte_fallback(), "🙂") == ["␣", "<F0>", "<9F>", "<99>", "<82>"]
    assert labels(word_piece(), "🙂") == ["[UNK]"]


def test_a_whole_character_of_several_bytes_is_shown_as_the_text_has_it(tmp_path: Path) -> None:
    t = trace("Où est-ce fährt", str(make(tmp_path, "gpt2")))
    assert t.tokens[0] == "OÃ¹"
    assert t.labels[0] == "Où"
    assert t.tokens[-1] == "ĠfÃ¤hrt"
    assert t.labels[-1] == "fährt"


def test_special_and_unknown_tokens_are_told_from_letters() -> None:
    pieces = pieces_of("cat 🙂", word_piece())
    assert pieces.special.tolist() == [True, False, False, True]
    assert pieces.unknown.tolist() == [False, False, True, False]
    assert pieces.spans.tolist() == [[0, 0], [0, 3], [4, 5], [5, 5]]
    assert pieces.readings == ("[CLS]", "cat", "[UNK]", "[SEP]")


def test_a_special_token_that_the_text_writes_is_part_of_the_text() -> None:
    pieces = pieces_of("The [MASK] sat", word_piece())
    assert pieces.special.tolist() == [True, False, False, False, True]
    assert pieces.spans[2].tolist() == [4, 10]


def test_what_the_vocabulary_lacks_is_told() -> None:
    pieces = pieces_of("cat 北京", unigram())
    assert [token for token, unknown in zip(pieces.tokens, pieces.unknown, strict=True) if unknown] == ["北京"]
    assert not pieces_of("cat 北京", byte_fallback()).unknown.any()


def test_an_open_box_that_the_text_writes_is_no_space() -> None:
    pieces = pieces_of("a ␣", unigram())
    assert pieces.spans[-2].tolist() == [2, 3]


def test_a_sign_is_no_part_of_the_word_before_it() -> None:
    pieces = pieces_of("mat.", unigram())
    assert pieces.word_ids[-2] == pieces.word_ids[-3] + 1  # before the </s>
