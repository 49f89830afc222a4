"""Text to tokens: WordPiece over a fixed vocabulary, with every piece tied to the letters it came from."""

from collections.abc import Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

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
