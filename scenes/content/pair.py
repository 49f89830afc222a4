"""One word in two sentences: both traces, and how close the word's vectors are before attention and after it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from attention import AttentionTrace, UserError
from attention.settings import Settings, paired
from attention.tracing import chosen_trace
from scenes.content.cosine import cosine
from scenes.content.focus import content_words
from scenes.content.shared_word import SharedWord, shared_word
from scenes.drawing.fact import Fact

SECOND = "second"  # what facts call the second sentence's trace

Field = Literal["token_vectors", "embeddings", "output"]

_OF = "", f"{SECOND}."  # before the name of a field


class Anchor(NamedTuple):
    """A token of sentence 0 or 1 whose row of the embedding table other vectors are compared with."""

    which: int
    token: int


@dataclass(frozen=True, eq=False)
class Pair:
    """Two sentences through the same layer, and a word that both have."""

    first: AttentionTrace
    second: AttentionTrace
    word: SharedWord

    @property
    def traces(self) -> tuple[AttentionTrace, AttentionTrace]:
        """Both traces."""
        return self.first, self.second

    @property
    def sentence(self) -> str:
        """Both sentences, one after the other."""
        return " / ".join(trace.sentence for trace in self.traces)

    @property
    def labels(self) -> tuple[str, ...]:
        """The tokens of both in the text's own letters."""
        return self.first.labels + self.second.labels

    @property
    def start(self) -> Literal["token_vectors", "embeddings"]:
        """What the word is before attention: its row of the table, or what the layers below have made of it.

        Outputs of the first layer are trained to be near to rows of the table, so there both are in one space.
        """
        return "token_vectors" if self.first.layer == 0 else "embeddings"

    @property
    def before(self) -> Fact:
        """Cosine of the word's two vectors before attention."""
        return self._of_both(self.start)

    @property
    def after(self) -> Fact:
        """Cosine of the token's two outputs, which is what the layer hands on."""
        return self._of_both("output")

    def weight(self, which: int, head: int, token: int) -> Fact:
        """Return what the word's token pays to another, in sentence 0 or 1."""
        own = self.word.tokens[which]
        return Fact(f"{_OF[which]}weights[{head}][{own}, {token}]", float(self.traces[which].weights[head][own, token]))

    def closeness(self, which: int, anchor: Anchor, *, after: bool) -> Fact:
        """Return the cosine of the word in sentence 0 or 1, before attention or ``after``, with an anchor's row."""
        own, field = self.word.tokens[which], "output" if after else self.start
        row = self.traces[anchor.which].token_vectors[anchor.token]
        source = f"cosine({_OF[which]}{field}[{own}], {_OF[anchor.which]}token_vectors[{anchor.token}])"
        return Fact(source, cosine(getattr(self.traces[which], field)[own], row))

    @property
    def own(self) -> tuple[Anchor, Anchor]:
        """The word itself in both sentences."""
        return Anchor(0, self.word.tokens[0]), Anchor(1, self.word.tokens[1])

    def anchors(self, head: int) -> tuple[Anchor, Anchor]:
        """Return what the word's vectors are compared with: of each sentence the word that tells its context.

        Where a sentence has none, or the other one's again, it is the word itself.
        """
        first, second = (
            self.own[which] if told is None else Anchor(which, told)
            for which, told in enumerate(self.telling(which, head) for which in (0, 1))
        )
        if self.first.tokens[first.token] == self.second.tokens[second.token]:
            second = self.own[1]
        return first, second

    def telling(self, which: int, head: int) -> int | None:
        """Return the word that tells the context in sentence 0 or 1: of its others, the one attended to most.

        Words that the other sentence lacks go before those that both have, then content words before others.
        """
        trace, own = self.traces[which], self.word.tokens[which]
        content, elsewhere = content_words(trace), {label.casefold() for label in self.traces[1 - which].labels}

        def worth(token: int) -> tuple[bool, bool, float]:
            lacked = trace.labels[token].casefold() not in elsewhere
            return lacked, bool(content[token]), float(trace.weights[head][own, token])

        return max(self.others(which), key=worth, default=None)

    def others(self, which: int) -> list[int]:
        """Return the tokens of other words that the token sees."""
        trace, own = self.traces[which], self.word.tokens[which]
        label = trace.labels[own].casefold()
        seen = trace.mask[own] & ~trace.special & (trace.word_ids != trace.word_ids[own])
        return [
            token
            for token in np.flatnonzero(seen).tolist()
            if any(map(str.isalnum, trace.labels[token])) and trace.labels[token].casefold() != label
        ]

    def _of_both(self, field: Field) -> Fact:
        (one, other), (a, b) = (getattr(trace, field) for trace in self.traces), self.word.tokens
        return Fact(f"cosine({field}[{a}], {SECOND}.{field}[{b}])", cosine(one[a], other[b]))


def read_pair(settings: Settings) -> Pair:
    """Return both sentences' traces with the word that ``settings`` ask for, or that they share.

    Raises
    ------
    UserError
        If there is no second sentence, a sentence or the model is at fault, or they do not share the word.
    """
    settings = paired(settings)
    first = chosen_trace(settings)
    try:
        second = chosen_trace(settings.model_copy(update={"sentence": settings.other}))
    except UserError as error:
        raise UserError(f"second sentence: {error}") from None
    return Pair(first, second, shared_word(first, second, settings.token))
