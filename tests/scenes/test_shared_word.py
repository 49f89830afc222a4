"""Which word two sentences share, and which token stands for it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from attention import UserError, trace
from scenes.content.shared_word import SharedWord, shared_word
from tests.attention.checkpoints import make, minilm

BANK = "The bank of the river was steep.", "The bank approved the loan."


def shared(first: str, second: str, wanted: str | None = None, model: str = "tiny") -> SharedWord:
    return shared_word(trace(first, model), trace(second, model), wanted)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give a small checkpoint of several kinds of tokenizer."""
    kinds = ("bert", "gpt2", "llama", "xlm-roberta")
    return {kind: str(make(tmp_path_factory.mktemp(kind), kind)) for kind in kinds}


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        (*BANK, "bank"),
        ("He hit the ball with a bat.", "A bat flew out of the cave.", "bat"),
        ("I left because the cat slept.", "The cat left because of that.", "cat"),
        ("Hello you", "Hello.", "Hello"),
        ("Die Königin fährt über die Straße.", "DIE STRASSE ist leer.", "Straße"),
    ],
)
@pytest.mark.parametrize("model", ["tiny", "minilm"])
def test_left_to_itself_it_is_the_word_that_says_most(first: str, second: str, word: str, model: str) -> None:
    assert shared(first, second, model=str(minilm()) if model == "minilm" else model).text == word


def test_its_rows_are_the_longest_of_all_shared() -> None:
    first, second = trace("The dog saw the old king and slept."), trace("The king and the dog were old.")
    lengths = dict.fromkeys(("dog", "the", "old", "king", "and"), 0.0)
    for t in (first, second):
        for word in lengths:
            lengths[word] += float(np.linalg.norm(t.token_vectors[[label.lower() for label in t.labels].index(word)]))
    assert shared_word(first, second).text == max(lengths, key=lambda word: lengths[word])
    assert min(lengths, key=lambda word: lengths[word]) in ("the", "and")


@pytest.mark.parametrize("wanted", ["bank", "BANK", " Bank ", "“bank”"])
def test_a_word_is_found_whatever_its_case(wanted: str) -> None:
    assert shared("A bank.", "Banks? No: BANK!", wanted).tokens == (1, 4)


def test_a_word_that_stands_twice_is_taken_where_it_is_first() -> None:
    assert shared("The bank by the bank.", "No bank, no bank.", "bank").tokens == (1, 1)


def test_a_word_of_pieces_is_its_last_piece() -> None:
    first, second = trace("Unbelievably real."), trace("It is unbelievably good!")
    word = shared_word(first, second, "unbelievably")
    assert [len(pieces) > 1 for pieces in word.pieces] == [True, True]
    assert word.tokens == (word.pieces[0][-1], word.pieces[1][-1])
    assert first.labels[word.tokens[0]] == second.labels[word.tokens[1]]
    assert "".join(first.labels[piece] for piece in word.pieces[0]) == "Unbelievably"


@pytest.mark.parametrize("kind", ["bert", "gpt2", "llama", "xlm-roberta"])
def test_any_tokenizers_pieces_make_the_word(small: dict[str, str], kind: str) -> None:
    first, second = trace("He saw the 'mat', once.", small[kind]), trace("Mats, and one mat.", small[kind])
    word = shared_word(first, second, "mat")
    assert word.text == "mat"
    for t, token, pieces in zip((first, second), word.tokens, word.pieces, strict=True):
        start, end = t.spans[list(pieces), 0].min(), t.spans[list(pieces), 1].max()
        assert t.sentence[start:end].strip(" '.,") == "mat"
        assert t.labels[token].isalnum()
        assert t.labels[token] == [t.labels[piece] for piece in pieces if t.labels[piece].isalnum()][-1]


def test_what_sees_the_same_in_both_is_left_for_what_does_not(small: dict[str, str]) -> None:
    first, second = trace("The cat on the mat sat.", small["gpt2"]), trace("The cat saw the mat.", small["gpt2"])
    assert first.causal
    word = shared_word(first, second)
    assert word.text.casefold() not in ("cat",)  # nothing but "The" stands before it in both
    assert not np.allclose(first.output[word.tokens[0]], second.output[word.tokens[1]], atol=1e-5)


def test_scripts_without_spaces_share_tokens() -> None:
    assert shared("猫坐在垫子上。", "狗坐在草地上。", model=str(minilm())).text in "坐在上"


def test_a_single_token_may_be_asked_for() -> None:
    word = shared(*BANK, wanted="[CLS]", model=str(minilm()))
    assert (word.text, word.tokens) == ("[CLS]", (0, 0))
    assert shared(*BANK, wanted=".").tokens == (7, 5)


@pytest.mark.parametrize(
    ("sentences", "wanted", "says"),
    [
        (BANK, "loan", r"'loan' is not a word of the first sentence; both have: The, bank"),
        (BANK, "river", r"'river' is not a word of the second sentence; both have"),
        (BANK, "zebra", r"of the first and of the second sentence; both have"),
        (("Hello", "World"), "Hello", r"of the second sentence; they share no word"),
        (("Hello", "World"), None, r"share no word: give two"),
        (("one. two!", "three. four!"), None, r"share no word"),
        (("a b c d e f g h i j", "j i h g f e d c b a"), "z", r"a, b, c, d, e, f, g, h, …"),
    ],
)
def test_what_is_missing_is_named_in_one_line(sentences: tuple[str, str], wanted: str | None, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        shared(*sentences, wanted=wanted)
    assert "\n" not in str(caught.value)


def test_traces_in_the_cache_are_compared_without_pytorch(tmp_path: Path) -> None:
    for sentence in BANK:
        trace(sentence)
    script = tmp_path / "read.py"
    script.write_text(
        "import sys\n"
        "from attention.settings import Settings\n"
        "from scenes.content.pair import read_pair\n"
        "read_pair(Settings())\n"
        "print([name for name in ('torch', 'manim') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
