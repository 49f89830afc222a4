"""Where X, the trained matrices and their products stand in the three pictures of clip 5."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.trained_kind import KINDS
from scenes.drawing.arrays import Array
from scenes.places.chip_texts import THINNEST, ChipTexts, names_apart
from scenes.places.fitting import MOST_TOKENS, first_fit, fit
from scenes.places.layout import Frame, slots_around
from scenes.places.matrix_places import head_columns
from scenes.places.product_places import ProductPlaces, place_products
from scenes.query_key_value_parts.side_by_side import SideBySide, place_side_by_side
from scenes.query_key_value_parts.trained_product import name_height, words_height

Slots = NDArray[np.int64]

_OTHERS = 4  # columns of X that are shown beside those that are read, ellipses among them
_NAMES = 1.1  # size of the tokens, by that of labels
_TOPS = 0.36, 0.3, 0.24  # height of the trained matrices where rows are close, as a share


@dataclass(frozen=True)
class ProjectionPlaces:
    """What is shown, and where: X with one trained matrix, with all three, and what they made.

    ``slots``, ``inner`` and ``columns`` are the tokens, the columns of X (and rows of the trained matrices), and the
    columns of each product; -1 stands for what is left out.
    """

    slots: Slots
    inner: Slots
    columns: tuple[Slots, ...]
    texts: ChipTexts
    chip_size: float
    first: ProductPlaces
    three: ProductPlaces
    last: SideBySide

    @property
    def pitch(self) -> float:
        """From one row of X to the next beside all trained matrices, where rows are closest, in scene units."""
        return self.three.left.height / len(self.slots)

    @property
    def closest(self) -> float:
        """How close chips may stand under each other, in em."""
        return max(self.texts.letters(), 1.15)


def place_projections(
    trace: AttentionTrace,
    frame: Frame,
    followed: int,
    weights: Array,
    read: Slots,
    shown_tokens: Callable[[int], Slots],
) -> ProjectionPlaces:
    """Return places for as many tokens as can be read, or for all where some can be named and none is too thin.

    The columns of X that are ``read`` are among those shown. Those that can be named are the ``followed`` token and
    then those of the largest of its ``weights``, (tokens,); ``shown_tokens`` chooses the tokens.
    """
    inner = slots_around(read, trace.embeddings.shape[1], len(read) + _OTHERS)
    columns = tuple(head_columns(kind.weight(trace).shape[2]) for kind in KINDS)
    large = frame.small_text * _NAMES

    def stand(slots: Slots, named: Slots, top: float) -> ProjectionPlaces:
        texts = ChipTexts.of(trace, named, 9.0 if frame.wide else 6.0, followed)
        return _place(slots, inner, columns, texts, large, top, frame)

    def place(most: int) -> ProjectionPlaces | None:
        slots = shown_tokens(most)
        crowded = [(0.0, top) for top in _TOPS] if (slots >= 0).all() else []
        for closest, top in ((1.2, 0.34), *crowded):
            places = stand(slots, slots, top)
            if places.pitch >= max(closest, places.closest) * large:
                return places
        return None

    def whole(tried: tuple[float, float]) -> ProjectionPlaces | None:
        thinnest, top = tried
        slots = np.arange(len(trace))
        places = stand(slots, slots, top)
        if places.pitch < thinnest:
            return None
        asked = np.where(slots == followed, np.inf, weights)
        return stand(slots, names_apart(asked, math.ceil(places.closest * large / places.pitch)), top)

    thin = [*((2 * THINNEST, top) for top in _TOPS), (THINNEST, _TOPS[-1])]
    everything = place(MOST_TOKENS)
    return everything if everything and (everything.slots >= 0).all() else first_fit(whole, thin) or fit(place)


def _place(
    slots: Slots, inner: Slots, columns: tuple[Slots, ...], texts: ChipTexts, size: float, top: float, frame: Frame
) -> ProjectionPlaces:
    """Return where everything stands with chips of a ``size`` in em, and trained matrices in a share of the height."""
    stage, text, rows, names = frame.stage, frame.text, len(slots), texts.width() * size
    below = name_height(frame)
    body = stage.cut_bottom(below)[1].cut_top(text * (1.5 if frame.wide else 2.6))[1]
    gaps, counts = (0.12, text * (1.2 if frame.wide else 0.6)), [len(slots) for slots in columns]
    wide, high = text * 3.4, text * 3.5
    return ProjectionPlaces(
        slots,
        inner,
        columns,
        texts,
        size,
        place_products(body, (rows, len(inner)), counts[:1], names, (text * 3.0, text * 1.5), gaps, top),
        place_products(body, (rows, len(inner)), counts, names, (text * 2.2, text * 1.5), gaps, top),
        place_side_by_side(
            stage.cut_bottom(below + words_height(frame))[1], rows, [len(inner), *counts], names, (wide, high), gaps
        ),
    )
