"""`AttentionTrace`: every number that attention makes of one sentence, in one object that needs no PyTorch."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from attention.errors import UserError
from attention.files import read_regular, write_atomically
from attention.packing import pack, unpack
from attention.readings import read_wordpiece

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Array = NDArray[np.float64]  # what is computed of these

Head = int | Literal["mean"]  # one head, counted from 0, or the mean of all

FORMAT = "attention-trace-2"
_EARLIER = "attention-trace-1"
_TITLE = "trace"
_LARGEST = 4_000_000_000  # bytes of a saved trace

OF_THE_LAYER = (  # fields that are the same for each sentence
    *("w_query", "w_key", "w_value", "b_query", "b_key", "b_value", "w_output", "b_output"),
    *("query_gain", "key_gain", "norm_epsilon", "soft_cap", "rotary_base", "embedding_size", "embedding_scale"),
    *("fused", "shared_layers"),
)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each of n tokens its k nearest other tokens in the embedding table, nearest first."""

    texts: tuple[tuple[str, ...], ...]  # n x k, pieces as the vocabulary writes them
    readings: tuple[tuple[str, ...], ...]  # n x k, the same for people, "-" before one that continues a word
    cosines: Floats  # (n, k), cosine similarity of the two rows of the table
    vectors: Floats  # (n, k, d_model), the neighbours' rows


class Tokens:
    """What follows of a text and where its n tokens stand in it; fields are as in :class:`AttentionTrace`."""

    sentence: str
    readings: tuple[str, ...]
    word_ids: Integers
    spans: Integers
    unknown: Booleans
    special: Booleans

    def __len__(self) -> int:
        """Return n, the number of tokens."""
        return len(self.readings)

    @property
    def labels(self) -> tuple[str, ...]:
        """Each token in the text's own letters; see :func:`own_letters`."""
        return own_letters(self.sentence, self.spans, self.readings)

    @property
    def words(self) -> Booleans:
        """Whether a token of the text has a letter or a digit, (n,) bool."""
        return np.array([any(map(str.isalnum, label)) for label in self.labels]) & ~self.special

    @property
    def continues(self) -> Booleans:
        """Whether a token continues the word of the token before it, (n,) bool."""
        return np.asarray(np.diff(self.word_ids, prepend=-1) == 0)


@dataclass(frozen=True, eq=False)
class Source(Tokens):
    """The m tokens that an encoder has read, where those of a decoder attend to them."""

    sentence: str
    tokens: tuple[str, ...]
    readings: tuple[str, ...]
    token_ids: Integers
    word_ids: Integers
    spans: Integers
    unknown: Booleans
    special: Booleans
    embeddings: Floats  # (m, d_model), what the encoder hands on: W_K and W_V are multiplied with it


@dataclass(frozen=True, eq=False)
class AttentionTrace(Tokens):
    """One sentence on its way through one attention layer.

    n is the number of tokens. Arrays are float32 unless said otherwise, and follow the notation of Vaswani et al. 2017.
    The row of a score or weight belongs to the attending token (its query), the column to the attended one (its key).
    Where several query heads share one key head (Ainslie et al. 2023, "GQA"), the shared arrays are repeated, so that
    all have ``heads`` first.

    In the attention of a decoder to an encoder there is a ``source``: its m tokens are the columns, (heads, n, m), and
    have the keys and values, (heads, m, d_k); all else is of the decoder's n tokens.

    X is what the layer itself receives: in a layer above the first, what the layers below made of the tokens; where the
    model normalises before attending, the normalised rows. Only where :attr:`embeddings_are_sums` says so is it the sum
    of token and position vectors.

    Where a model maps shorter rows of its table to d_model (``embedding_size``; Lan et al. 2020, "ALBERT"), what is
    called the table here is the product of the two.

    In a model with rotary positions (Su et al. 2021, "RoFormer"), ``queries`` and ``keys`` are those after rotation, as
    scores are made of them. What X W_Q + b_Q and X W_K + b_K give is then in ``projected_queries`` and
    ``projected_keys``; a root-mean-square norm, if the model has one (``query_gain``, ``key_gain``), comes in between.
    """

    sentence: str  # the text, tidied; spans point into it
    model: str  # the model's name
    layer: int  # counted from 0
    layers: int  # how many the model has
    tokens: tuple[str, ...]  # n pieces, as the vocabulary writes them
    readings: tuple[str, ...]  # n pieces without the vocabulary's marks; bytes of a part of a character as <F0 9F>
    token_ids: Integers  # (n,) int64
    word_ids: Integers  # (n,) int64, index of the word that the piece belongs to
    spans: Integers  # (n, 2) int64, first character and the one after the last; equal where a token has no letters
    unknown: Booleans  # (n,) bool, True where the vocabulary lacks the piece
    special: Booleans  # (n,) bool, True for tokens that the tokenizer adds to the text, such as [CLS] and <s>
    left_out: tuple[str, ...]  # special tokens taken out; if any, the rows of weights are shares of what is left
    token_vectors: Floats  # (n, d_model), rows of the token table, before any scaling
    position_vectors: Floats | None  # (n, d_model), what position (and segment) add; None where nothing is added
    neighbours: Neighbours
    embeddings: Floats  # (n, d_model), X: what is multiplied by W_Q, W_K, W_V
    w_query: Floats  # (heads, d_model, d_k)
    w_key: Floats  # (heads, d_model, d_k)
    w_value: Floats  # (heads, d_model, d_v)
    b_query: Floats | None  # (heads, d_k), None where the model has no bias
    b_key: Floats | None  # (heads, d_k)
    b_value: Floats | None  # (heads, d_v)
    queries: Floats  # (heads, n, d_k)
    keys: Floats  # (heads, n, d_k)
    values: Floats  # (heads, n, d_v)
    scores: Floats  # (heads, n, n), Q K^T before scaling
    mask: Booleans  # (n, n) bool, True where attending is allowed
    weights: Floats  # (heads, n, n), softmax(logits), 0 where masked
    context: Floats  # (heads, n, d_v), weights times values
    output: (
        Floats  # (n, d_model), what the layer hands on: the heads' context side by side, times W_O + b_O if it has them
    )
    kv_heads: int | None = None  # number of different key heads, where query heads share them
    score_divisor: float | None = None  # what scores are divided by, where it is not the square root of d_k
    soft_cap: float | None = None  # c, where scaled scores s become c tanh(s/c)
    position_bias: Floats | None = None  # (heads, n, n), added to the scaled (and capped) scores
    projected_queries: Floats | None = None  # (heads, n, d_k), X W_Q + b_Q, where it is not the queries
    projected_keys: Floats | None = None  # (heads, n, d_k), X W_K + b_K, where it is not the keys
    query_gain: Floats | None = None  # what normalised queries are multiplied by: (d_k,); (heads, d_k) if all as one
    key_gain: Floats | None = None  # the same for keys
    norm_epsilon: float | None = None  # added to the mean square in these two norms
    rotary_cos: Floats | None = None  # (n, r), the first r of q become q * cos + (-second half of q, first half) * sin
    rotary_sin: Floats | None = None  # (n, r); r is d_k in most models
    w_output: Floats | None = None  # (heads * d_v, d_model)
    b_output: Floats | None = None  # (d_model,)
    rotary_base: float | None = (
        None  # theta: number pair i of r/2 turns by theta^(-2i/r) per place, if nothing is scaled
    )
    fused: bool = False  # whether W_Q, W_K and W_V are parts of one trained matrix
    shared_layers: bool = False  # whether all layers have the same trained matrices
    embedding_size: int | None = None  # length of the table's rows, where a matrix maps them to d_model
    embedding_scale: float | None = None  # what a token's row is multiplied by before anything else
    source: Source | None = None  # the tokens that are attended to, where they are not those that attend
    computed_by: str = "attention.model.SelfAttention"  # the class whose forward pass made the numbers
    trained_on: str | None = None  # what the model's file says that it was trained on
    vocabulary_size: int | None = None  # rows of the token table, where the model's own file has it

    def __post_init__(self) -> None:
        for name, value in self.as_dict().items():
            if isinstance(value, np.ndarray) and not np.isfinite(value).all():
                raise UserError(f"the model {self.model} gives {name} that are no numbers: its weights are damaged")

    @property
    def text(self) -> str:
        """The text that the model was given to read: in self-attention the one whose tokens attend."""
        return self.attended.sentence

    @property
    def attended(self) -> Tokens:
        """The tokens that are attended to, the columns: in self-attention those that attend."""
        return self.source or self

    @property
    def heads(self) -> int:
        """The number of heads."""
        return len(self.queries)

    @property
    def d_k(self) -> int:
        """The length of a query and of a key."""
        return int(self.queries.shape[-1])

    @property
    def masked(self) -> bool:
        """Whether some attending is forbidden by the mask."""
        return not self.mask.all()

    @property
    def causal(self) -> bool:
        """Whether no token may attend to what comes after it."""
        return self.source is None and self.masked and not np.triu(self.mask, 1).any()

    @property
    def window(self) -> int | None:
        """How many tokens away the farthest may stand that is attended to, where the mask forbids those beyond."""
        if self.source is not None:
            return None
        far = np.arange(len(self))[:, None] - np.arange(len(self))  # how far back a key stands
        apart = np.abs(far)[self.mask].max()
        beyond = far > apart if self.causal else np.abs(far) > apart
        return int(apart) if beyond.any() else None

    @property
    def without_positions(self) -> bool:
        """Whether nothing tells this layer where tokens stand, but for what layers below have made of them."""
        told = self.position_vectors, self.rotary_cos, self.position_bias, self.source
        return all(each is None for each in told)

    @property
    def divisor(self) -> float:
        """What scores are divided by."""
        return float(np.sqrt(self.d_k)) if self.score_divisor is None else self.score_divisor

    @property
    def scaled_scores(self) -> Floats:
        """Scores divided by :attr:`divisor`, in most models the square root of d_k, (heads, n, n)."""
        return self.scores / np.float32(self.divisor)

    @property
    def capped_scores(self) -> Floats:
        """The scaled scores under the soft cap, if there is one, (heads, n, n)."""
        if self.soft_cap is None:
            return self.scaled_scores
        cap = np.float32(self.soft_cap)
        capped: Floats = cap * np.tanh(self.scaled_scores / cap)
        return capped

    @property
    def logits(self) -> Floats:
        """What the softmax is taken of, (heads, n, n): the capped scores, plus the position bias if there is one."""
        return self.capped_scores if self.position_bias is None else self.capped_scores + self.position_bias

    @property
    def embeddings_are_sums(self) -> bool:
        """Whether X is the sum of token and position vectors, with nothing in between."""
        added = 0 if self.position_vectors is None else self.position_vectors
        if self.layer or self.embedding_scale is not None:
            return False
        return np.allclose(self.token_vectors + added, self.embeddings, atol=1e-5)

    def weights_of(self, head: Head) -> Floats:
        """Return the weights of one head, or the mean over all, (n, n); the rows of either sum to 1.

        Raises
        ------
        UserError
            If there is no such head.
        """
        if head != "mean" and not 0 <= head < self.heads:
            raise UserError(f"head {head}: this layer's heads are 0 to {self.heads - 1}")
        chosen: Floats = self.weights.mean(axis=0) if head == "mean" else self.weights[head]
        return chosen

    def as_dict(self) -> dict[str, Any]:
        """Return all fields by name, those of the neighbours as ``neighbours.…``, and of a source in the same way."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for part in ("neighbours", "source"):
            whole = values.pop(part)
            values |= {f"{part}.{name}": value for name, value in vars(whole).items()} if whole else {}
        return values

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "AttentionTrace":
        """Return the trace of this :meth:`as_dict`; tuples may have become lists, and None may be left out.

        Raises
        ------
        KeyError, TypeError
            If fields are missing, or there are others.
        """
        own: dict[str, Any] = dict.fromkeys(("position_vectors", "b_query", "b_key", "b_value")) | values
        neighbours = Neighbours(
            texts=tuple(map(tuple, own.pop("neighbours.texts"))),
            readings=tuple(map(tuple, own.pop("neighbours.readings"))),
            cosines=own.pop("neighbours.cosines"),
            vectors=own.pop("neighbours.vectors"),
        )
        for name in ("tokens", "readings", "left_out", "source.tokens", "source.readings"):
            if name in own:
                own[name] = tuple(own[name])
        of_source = {name.partition(".")[2]: own.pop(name) for name in list(own) if name.startswith("source.")}
        return cls(**own, neighbours=neighbours, source=Source(**of_source) if of_source else None)

    def save(self, path: Path) -> None:
        """Write the trace to ``path`` as one safetensors file; an older file stays until the new one is whole.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        write_atomically(path, pack({"format": FORMAT, **self.as_dict()}, _TITLE))

    @classmethod
    def load(cls, path: Path) -> "AttentionTrace":
        """Read a trace that :meth:`save` wrote. Neither pickle nor PyTorch takes part.

        Raises
        ------
        UserError
            If the file is missing, damaged, or not a trace.
        """
        try:
            values = unpack(read_regular(path, _LARGEST), _TITLE)
            found = values.pop("format")
            if found == _EARLIER:
                values |= _lacking(values)
            elif found != FORMAT:
                raise KeyError("format")
            return cls.of_dict(values)
        except FileNotFoundError:
            raise UserError(f"{path}: no such file") from None
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror}): give another file") from None
        except (UserError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(f"{path}: not a trace, or damaged ({error}): make it again") from error


def own_letters(sentence: str, spans: Integers, readings: Sequence[str]) -> tuple[str, ...]:
    """Return each of n tokens in the letters of ``sentence``, given where it stands, (n, 2), and how it reads.

    Pieces that share one character (the letters of a Korean syllable, the bytes of an emoji) have no stretch of text of
    their own: they are written as the vocabulary has them, and so are special tokens.
    """
    starts, ends = spans.T
    ended = np.append(0, np.maximum.accumulate(ends)[:-1])  # where all tokens before have ended
    begins = np.append(np.minimum.accumulate(starts[::-1])[::-1][1:], len(sentence))
    own = (starts < ends) & (starts >= ended) & (ends <= begins)
    return tuple(
        sentence[start:end] if alone and not sentence[start:end].isspace() else reading
        for reading, (start, end), alone in zip(readings, spans.tolist(), own, strict=True)
    )


def _lacking(values: dict[str, Any]) -> dict[str, Any]:
    """Return what files of the earlier format lack, which held traces of WordPiece and one layer only."""
    return {
        "layers": 1,
        "readings": [read_wordpiece(piece).text for piece in values["tokens"]],
        "special": np.zeros(len(values["tokens"]), dtype=bool),
        "left_out": [],
        "neighbours.readings": [[read_wordpiece(piece).alone for piece in row] for row in values["neighbours.texts"]],
    }
