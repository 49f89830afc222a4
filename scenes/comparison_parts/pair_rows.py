"""Which tokens of two sentences are shown, what their chips say, and which of them are talked about."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.content.focus import strongest_rows
from scenes.content.pair import Pair
from scenes.places.chip_texts import ChipTexts


@dataclass(frozen=True)
class PairRows:
    """The shown tokens of both sentences.

    Parameters
    ----------
    slots
        Which tokens they are, -1 for an ellipsis.
    texts
        What their chips say.
    own
        Which chip is the word's.
    told
        Which chips are the word's and that of the word that tells its context.
    """

    slots: list[NDArray[np.int64]]
    texts: list[ChipTexts]
    own: list[int]
    told: list[list[int]]

    @classmethod
    def of(cls, pair: Pair, head: int, most: int, longest: float) -> "PairRows":
        """Return at most ``most`` tokens of each, those with the largest weights, cut to ``longest`` em."""
        slots, texts, own, told = [], [], [], []
        for which, (trace, token) in enumerate(zip(pair.traces, pair.word.tokens, strict=True)):
            telling = pair.telling(which, head)
            always = [token] if telling is None else [token, telling]
            weights = trace.weights[head][token].copy()
            weights[always] += 1.0
            shown = strongest_rows(weights, np.arange(len(weights)), most)
            slots.append(shown)
            texts.append(ChipTexts.of(trace, shown, longest, token))
            own.append(shown.tolist().index(token))
            told.append([shown.tolist().index(one) for one in always])
        return cls(slots, texts, own, told)
