"""Where the clip about context vectors stands its matrices and one token's sum."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from attention import AttentionTrace
from attention.attention_trace import Integers
from scenes.content.focus import others_in_words, strongest_with_rest
from scenes.drawing.outlines import outline
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Frame, Region

MOST_SUMMED = 8  # rows of a sum that is written
_NOTABLE = 0.02  # share from which a token has a row of its own where not all have one
_FEW, _ROOMIER = 3, 1.8  # rows whose cells are larger, so many times
_LOOSE = 1.04  # how much farther chips stand apart than their letters ask for
_NARROW = 0.12  # between names and cells, in scene units


@dataclass(frozen=True)
class OutputPlaces:
    """Regions of A with its names, of V, and of the product Y, in rows of the same height."""

    slots: Integers
    texts: ChipTexts
    chip_size: float  # in em, scene units
    turned: bool  # whether the names of A's columns stand upright
    a: Region
    row_names: Region
    column_names: Region
    v: Region
    y: Region
    value_names: Region | None  # chips beside V where it stands under A instead of beside it


@dataclass(frozen=True)
class SumPlaces:
    """Regions of one token's sum: chips, weights and values row by row, their sum below, and what is written out."""

    slots: Integers  # which tokens are its rows, a last -1 for all others
    chip_size: float  # in em, scene units
    header: tuple[float, float]  # left edge and middle of the line above
    chips: Region
    weights: Region
    values: Region
    total: Region
    written: Region


def place_output(
    trace: AttentionTrace, frame: Frame, columns: int, shown_tokens: Callable[[int], Integers], followed: int
) -> OutputPlaces:
    """Return where A, V and Y stand, V and Y of ``columns`` columns, with as many tokens as can be named."""

    def place(most: int) -> OutputPlaces | None:
        slots = shown_tokens(most)
        texts = ChipTexts.of(trace, slots, followed=followed)
        for size in (frame.small_text, frame.smallest_text):
            places = _place_output(texts, slots, size, frame, columns)
            pitch = min(places.a.height, places.v.height) / len(slots)
            across = places.a.width / len(slots) if places.turned else pitch
            if min(pitch, across) >= max(_LOOSE * places.texts.letters(), 1.1) * size:
                return places
        return None

    return fit(place)


def _place_output(texts: ChipTexts, slots: Integers, size: float, frame: Frame, columns: int) -> OutputPlaces:
    text, names, count = frame.text, texts.width() * size, len(slots)
    highest, widest = (_largest(text * usual, count) for usual in (1.6, 2.4))
    stage = frame.stage.cut_bottom(text * 1.5)[1]  # the matrices' names stand below them
    tall, gap = frame.height > frame.width, text * 1.6
    if tall:
        upper, lower = stage.cut_top(0.56 * stage.height - text * 0.8, text * 1.6)
        free = stage.width - names - _NARROW
        cell, side = min(widest, free / count), min(widest, (free - gap) / (2 * columns))
        width = names + _NARROW + count * cell
    else:
        upper = stage
        free = stage.width - names - _NARROW - 2 * gap
        cell = side = min(widest, free / (count + 2 * columns))
        width = names + _NARROW + count * cell + 2 * (gap + columns * side)
    turned = names > 0.96 * cell
    above = _NARROW + (names if turned else TALL * size)
    height = min(highest, (upper.height - above) / count)
    used = upper.middle(width, above + count * height)
    left, top = used.left + names + _NARROW, used.top - above
    a = Region(left, top - count * height, left + count * cell, top)
    v, value_names = Region(a.right + gap, a.bottom, a.right + gap + columns * side, a.top), None
    if tall:
        low = lower.middle(names + _NARROW + 2 * columns * side + gap, count * min(highest, lower.height / count))
        v = Region(low.left + names + _NARROW, low.bottom, low.left + names + _NARROW + columns * side, low.top)
        value_names = Region(low.left, low.bottom, low.left + names, low.top)
    return OutputPlaces(
        slots=slots,
        texts=texts,
        chip_size=size,
        turned=turned,
        a=a,
        row_names=Region(used.left, a.bottom, used.left + names, a.top),
        column_names=Region(a.left, top + _NARROW, a.right, used.top),
        v=v,
        y=Region(v.right + gap, v.bottom, v.right + gap + v.width, v.top),
        value_names=value_names,
    )


def place_sum(trace: AttentionTrace, frame: Frame, head: int, token: int, columns: int) -> SumPlaces:
    """Return where the weights of one ``token`` meet the values of ``columns`` columns, and where that is written out.

    There are as many rows as leave room for the numbers in them: the largest weights, and one row for all others.
    """
    text = frame.text
    if frame.wide:
        body, written = frame.stage.cut_left(0.6 * frame.stage.width, text)
    else:
        written, body = frame.stage.cut_bottom(0.285 * frame.stage.height, text * 0.6)
    header, below, gap = text * 2.7, text * (0.6 if frame.wide or frame.tall else 0.3), text * 0.9
    lowest = max(frame.smallest_number / 0.5, frame.smallest_text * 1.15)
    most = min(int((body.height - header - below) / lowest) - 1, MOST_SUMMED)
    allowed = np.flatnonzero(trace.mask[token])
    weights = trace.weights[head][token][allowed]
    notable = max(int((weights >= _NOTABLE).sum()), 1)
    found = strongest_with_rest(weights, min(most, notable + 1) if len(allowed) > notable + 1 else most)
    slots = np.where(found >= 0, allowed[found], -1)
    count, told = len(slots), slots[slots >= 0]
    texts = ChipTexts.of(trace, told, followed=token)
    height = min(_largest(text * 1.9, count), (body.height - header - below) / (count + 1))
    size = max(frame.smallest_text, min(frame.small_text, height / max(texts.pitch(), 1.15)))
    others = outline(others_in_words(len(allowed) - len(told))).width if len(allowed) > len(told) else 0.0
    names = max(texts.width(), others) * size
    cell = min(text * 4.2, (body.width - names - gap - _NARROW) / (columns + 1))
    used = body.middle(names + _NARROW + cell + gap + columns * cell, header + (count + 1) * height + below)
    top = used.top - header
    bottom = top - count * height
    left = used.left + names + _NARROW
    return SumPlaces(
        slots=slots,
        chip_size=size,
        header=(used.left, used.top - header * 0.3),
        chips=Region(used.left, top - len(told) * height, used.left + names, top),
        weights=Region(left, bottom, left + cell, top),
        values=Region(left + cell + gap, bottom, used.right, top),
        total=Region(left + cell + gap, used.bottom, used.right, used.bottom + height),
        written=written,
    )


def _largest(usual: float, count: int) -> float:
    """Return how large a cell is at most, of so many rows."""
    return usual * (_ROOMIER if count <= _FEW else 1.0)
