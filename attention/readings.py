"""Pieces of a vocabulary, read for people: the letters that a piece stands for, without the marks of its tokenizer."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

CONTINUATION = "##"  # stands before a piece that continues a word, in WordPiece
SPACE = "\u2581"  # stands for a space in SentencePiece, a lower block that looks like an underscore
OPEN_SPACE = "\N{OPEN BOX}"  # how a piece of nothing but spaces is shown
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")  # a byte of a character that SentencePiece's vocabulary lacks
_STRAY = re.compile("[\udc80-\udcff]+")  # bytes that are no whole character, as "surrogateescape" keeps them


class Reading(NamedTuple):
    """What a piece stands for."""

    text: str  # its letters; bytes that are no character of their own in hexadecimal, <F0 9F>
    attached: bool = False  # whether no space stands before it
    blank: bool = False  # whether it is nothing but spaces

    @property
    def alone(self) -> str:
        """The piece out of its sentence: one that continues a word begins with a hyphen."""
        return f"-{self.text}" if self.attached else self.text


def read_wordpiece(piece: str, prefix: str = CONTINUATION) -> Reading:
    """Read a piece of WordPiece (Wu et al. 2016; as BERT has it).

    >>> read_wordpiece("##ing").alone, read_wordpiece("cat").alone
    ('-ing', 'cat')
    """
    attached = bool(prefix) and piece.startswith(prefix) and piece != prefix
    return Reading(piece.removeprefix(prefix) if attached else piece, attached)


def read_sentencepiece(piece: str, ending: str = "") -> Reading:
    """Read a piece of SentencePiece (Kudo and Richardson 2018), or of BPE that marks the end of a word by ``ending``.

    >>> read_sentencepiece("\u2581cat").alone, read_sentencepiece("s").alone, read_sentencepiece("<0xF0>").text
    ('cat', '-s', '<F0>')
    """
    if byte := _BYTE.fullmatch(piece):
        return Reading(f"<{byte[1]}>", attached=True)
    if ending:
        return Reading(_visible(piece.removesuffix(ending)))
    return _spaced(piece.replace(SPACE, " "))


def read_byte_level(piece: str) -> Reading:
    r"""Read a piece of byte-level BPE (Radford et al. 2019, GPT-2), which writes each byte as one visible character.

    >>> read_byte_level("\u0120cat").alone, read_byte_level("\u00f0\u0141").text
    ('cat', '<F0 9F>')
    """
    values = _byte_alphabet()
    if not all(letter in values for letter in piece):
        return Reading(piece)  # not made of bytes: an added token
    return _spaced(bytes(values[letter] for letter in piece).decode("utf-8", "surrogateescape"))


def _spaced(text: str) -> Reading:
    letters = text.strip(" ")
    if text and not letters:
        return Reading(OPEN_SPACE * len(text), blank=True)
    return Reading(_visible(letters), attached=not text.startswith(" "))


def _visible(letters: str) -> str:
    written = _STRAY.sub(lambda stray: _hexadecimal(ord(letter) - 0xDC00 for letter in stray[0]), letters)
    return "".join(
        _hexadecimal([ord(letter)]) if unicodedata.category(letter) == "Cc" else letter for letter in written
    )


def _hexadecimal(values: Iterable[int]) -> str:
    return f"<{' '.join(f'{value:02X}' for value in values)}>"


@cache
def _byte_alphabet() -> dict[str, int]:
    """Return the byte that each character of byte-level BPE stands for; those that can be seen stand for themselves."""
    from tokenizers.pre_tokenizers import ByteLevel  # takes time, and most traces need none

    letters = sorted(ByteLevel.alphabet())
    themselves = [ord(letter) for letter in letters if ord(letter) < 0x100]
    others = sorted(set(range(0x100)) - set(themselves))
    return dict(zip(letters, themselves + others, strict=True))
