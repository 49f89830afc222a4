"""A folder of plain text files to the pieces of text that the model is trained on."""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from attention.errors import UserError

FEWEST_SENTENCES = 100

_ABBREVIATION = r"(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\b[A-Z]\.)"
_SENTENCE_END = re.compile(rf"(?:(?<=[.!?]){_ABBREVIATION}|(?<=[.!?][\"')\]]))\s+(?=[\"'(\[]?[A-Z])")
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"[.!?][\"')\]]*$")
_FINAL_MARKS = re.compile(r"[\s.!?\"']+$")

_SINGLE, _UNMARKED, _FRAGMENT, _RUN = "single", "unmarked", "fragment", "run"
_SHARES = {_SINGLE: 0.45, _UNMARKED: 0.2, _FRAGMENT: 0.2, _RUN: 0.15}
_FRAGMENT_WORDS = (2, 9)  # shortest and longest fragment


def read_sentences(folder: Path) -> list[list[str]]:
    """Return the sentences of each ``.txt`` file of ``folder``, in the order of the files' names.

    Headings, tables of contents and verse without a closing mark are left out: only what ends like a sentence is one.

    Raises
    ------
    UserError
        If ``folder`` is missing or holds no ``.txt`` file, if a file is not UTF-8, or if all files together have fewer
        than ``FEWEST_SENTENCES`` sentences.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; the corpus is a folder of .txt files")
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise UserError(f"{folder}: holds no .txt file; the corpus is a folder of .txt files")
    books = [split_sentences(_read(file)) for file in files]
    found = sum(map(len, books))
    if found < FEWEST_SENTENCES:
        raise UserError(f"{folder}: {found} sentences are too few to train on, at least {FEWEST_SENTENCES} are needed")
    return books


def split_sentences(text: str) -> list[str]:
    """Return the sentences of ``text``, each on one line; paragraphs are kept apart by empty lines."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in _PARAGRAPH_END.split(text))
    sentences = (sentence for paragraph in paragraphs for sentence in _SENTENCE_END.split(paragraph))
    return [sentence for sentence in sentences if _SENTENCE.search(sentence) and not sentence.isupper()]


def build_segments(books: Sequence[Sequence[str]], tokenizer: Tokenizer, max_tokens: int, seed: int) -> list[list[int]]:
    """Return token ids of training texts of 2 to ``max_tokens`` tokens, shuffled; no sentence is used twice.

    A text is a sentence, a sentence without its closing mark, a few words out of a sentence, or a run of sentences as
    long as fits, so that the model meets every length. Half of the texts lose their quotation marks: books for
    children are full of dialogue, other English is not.
    """
    generator = random.Random(seed)
    texts = [text for book in books for text in _cut(book, tokenizer, max_tokens, generator)]
    generator.shuffle(texts)
    segments = (encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False))
    return [ids[:max_tokens] for ids in segments if len(ids) > 1]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{file}: not UTF-8 text (byte {error.start})") from None


def _cut(book: Sequence[str], tokenizer: Tokenizer, max_tokens: int, generator: random.Random) -> Iterator[str]:
    """Yield the texts of one book in order; a run of sentences takes as many of the next ones as fit."""
    lengths = [len(encoding.ids) for encoding in tokenizer.encode_batch(list(book), add_special_tokens=False)]
    start = 0
    while start < len(book):
        stop = start + 1
        kind = generator.choices(list(_SHARES), list(_SHARES.values()))[0]
        while kind == _RUN and stop < len(book) and sum(lengths[start : stop + 1]) <= max_tokens:
            stop += 1
        text = " ".join(book[start:stop])
        if generator.random() < 0.5:
            text = text.replace('"', "")
        if kind == _FRAGMENT:
            text = _fragment(text, generator)
        yield _FINAL_MARKS.sub("", text) if kind in (_UNMARKED, _FRAGMENT) else text
        start = stop


def _fragment(text: str, generator: random.Random) -> str:
    words = text.split()
    size = min(generator.randint(*_FRAGMENT_WORDS), len(words))
    first = generator.randint(0, len(words) - size)
    return " ".join(words[first : first + size])
