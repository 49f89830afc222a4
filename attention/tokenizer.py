"""Text to tokens: WordPiece over a fixed vocabulary, with every piece tied to the letters it came from."""

import base64
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Encoding, Regex, Tokenizer, models, normalizers, pre_tokenizers

from attention.errors import UserError, first_line
from attention.model_files import read_model_text

UNKNOWN = "[UNK]"

# Invisible format characters (a soft hyphen, a direction mark) carry no token; the joiner inside an emoji does.
_INVISIBLE = (
    r"(?<![\p{Extended_Pictographic}\x{fe0f}\x{1f3fb}-\x{1f3ff}])\x{200d}"
    r"|[\p{Cf}&&[^\x{200d}\x{e0020}-\x{e007f}]]"
)
# What a reader sees as one symbol stays one piece: a flag, a keycap, an emoji with skin tone or joined to others.
_SYMBOL = (
    r"[\x{1f1e6}-\x{1f1ff}]{2}"
    r"|[0-9#*]\x{20e3}"
    r"|\p{Extended_Pictographic}[\x{1f3fb}-\x{1f3ff}]?"
    r"(?:\x{200d}\p{Extended_Pictographic}[\x{1f3fb}-\x{1f3ff}]?)*[\x{e0020}-\x{e007f}]*"
    r"|[\p{S}\p{Co}]"
)
_MOST_GROWTH = 1000  # times, by which rules may make a text longer
_LONGEST_WORD = 1000  # letters; beyond it WordPiece gives up on a word instead of splitting it


def build_tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    """Return a WordPiece tokenizer whose token ids are the positions in ``vocabulary``.

    Case and accents are folded before the look-up, as BERT's uncased models do (Devlin et al. 2019), while the offsets
    keep pointing at the text as written. Symbols are pieces of their own, so that an emoji that the vocabulary lacks
    does not make the word beside it unknown.
    """
    ids = {piece: index for index, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST_WORD))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_INVISIBLE), ""),
            normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=True, strip_accents=True, lowercase=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(_SYMBOL), "isolated"), pre_tokenizers.BertPreTokenizer()]
    )
    return tokenizer


def read_tokenizer(file: Path) -> Tokenizer:
    """Return the tokenizer of a ``tokenizer.json``, so that it takes a text as it is, neither cut nor filled up.

    Raises
    ------
    UserError
        If the file is damaged, or its rules make any text long.
    """
    content = read_model_text(file)
    try:
        tokenizer = Tokenizer.from_str(content)
        growth = _growth(json.loads(content))
    except Exception as error:  # the library raises bare Exception for malformed content
        raise UserError(f"{file}: the tokenizer is damaged ({first_line(error)}): restore the file") from None
    if growth > _MOST_GROWTH:
        raise UserError(f"{file}: its rules make a text over {_MOST_GROWTH} times as long: it is damaged")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode(tokenizer: Tokenizer, sentence: str, *, add_special: bool) -> Encoding:
    """Return the tokens of a ``sentence``.

    Raises
    ------
    UserError
        If the tokenizer stumbles over it.
    """
    try:
        return tokenizer.encode(sentence, add_special_tokens=add_special)
    except Exception as error:  # bare Exception, such as for a vocabulary without a token for what it lacks
        raise UserError(f"the model's tokenizer cannot read the text ({first_line(error)}): it is damaged") from None


def _growth(content: dict[str, Any]) -> float:
    """Return how many times as long as a text its tokens may become by replacing, and by repeating it."""
    steps = list(_parts(content.get("normalizer"))) + list(_parts(content.get("pre_tokenizer")))
    longest = math.prod(1.0 + len(part["content"]) for part in steps if part.get("type") == "Replace")
    for part in steps:
        if part.get("type") == "Prepend":
            longest *= 1 + len(part["prepend"])
        if part.get("type") == "Precompiled":
            longest *= _longest_replacement(base64.b64decode(part["precompiled_charsmap"]))
    templates = (part.get("single", ()) for part in _parts(content.get("post_processor")))
    return longest * math.prod(max(1, sum("Sequence" in piece for piece in template)) for template in templates)


def _parts(part: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Yield ``part`` and those in it, a part of a tokenizer that may be a sequence of others."""
    if part:
        yield part
        for inner in (*part.get("normalizers", ()), *part.get("pretokenizers", ()), *part.get("processors", ())):
            yield from _parts(inner)


def _longest_replacement(charsmap: bytes) -> int:
    """Return the length of the longest text that SentencePiece's compiled rules have for some letters, in bytes."""
    texts = charsmap[4 + int.from_bytes(charsmap[:4], "little") :]  # after a trie, of which the size stands first
    return max(1, *map(len, texts.split(b"\0")))
