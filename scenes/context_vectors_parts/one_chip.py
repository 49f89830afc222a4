"""`one_chip`: the chip of a single token, by itself."""

import numpy as np

from attention import AttentionTrace
from scenes.look.theme import Theme
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import TALL, ChipTexts


def one_chip(trace: AttentionTrace, token: int, followed: int, size: float, theme: Theme) -> TokenChips:
    """Return the chip of ``token``, ringed if it is the one that is ``followed``; its text is ``size`` em high."""
    texts = ChipTexts.of(trace, np.array([token]), followed=followed)
    return TokenChips(texts, "row", size, theme).place(0, 0, texts.width() * size, TALL * size)
