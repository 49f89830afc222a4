"""One word in two sentences: both traces, and how close the word's vectors are before attention and after it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from attention import AttentionTrace, UserError
from attention.settings import Settings, paired
from attention.tracing import chosen_trace
from scenes.content.cosine import cosine
from scenes.content.focus import content_words
from scenes.content.shared_word import SharedWord, shared_word
from scenes.drawing.fact import Fact

SECOND = "second"  # what facts call the second sentence's trace

Field = Literal["embeddings", "output"]


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
    def before(self) -> Fact:
        """Cosine of the token's two rows of X, which is what the layer receives."""
        return self._cosine("embeddings")

    @property
    def after(self) -> Fact:
        """Cosine of the token's two outputs, which is what the layer hands on."""
        return self._cosine("output")

    def weight(self, which: int, head: int, token: int) -> Fact:
        """Return what the word's token pays to another, in sentence 0 or 1."""
        own, name = self.word.tokens[which], f"{SECOND}." if which else ""
        return Fact(f"{name}weights[{head}][{own}, {token}]", float(self.traces[which].weights[head][own, token]))

    @property
    def tells_content(self) -> bool:
        """Whether the token sees another content word in both sentences, so that these are told."""
        return all(content_words(self.traces[which])[self._others(which)].any() for which in (0, 1))

    def strongest(self, which: int, head: int) -> int | None:
        """Return the other word that the token attends to most, in sentence 0 or 1; None where it sees none.

        A content word, if both sentences have one: a context is told by these.
        """
        trace, own, words = self.traces[which], self.word.tokens[which], self._others(which)
        if self.tells_content:
            words = [token for token in words if content_words(trace)[token]]
        return max(words, key=lambda token: float(trace.weights[head][own, token]), default=None)

    def _others(self, which: int) -> list[int]:
        """Return the tokens of other words that the token sees."""
        trace, own = self.traces[which], self.word.tokens[which]
        label = trace.labels[own].casefold()
        seen = trace.mask[own] & ~trace.special & (trace.word_ids != trace.word_ids[own])
        return [
            token
            for token in np.flatnonzero(seen).tolist()
            if any(map(str.isalnum, trace.labels[token])) and trace.labels[token].casefold() != label
        ]

    def _cosine(self, field: Field) -> Fact:
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
