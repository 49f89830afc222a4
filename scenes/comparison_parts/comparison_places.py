"""Where the parts of the comparison stand: both sentences alone, then over and under the map, and the cosines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scenes.comparison_parts.pair_places import PairPlaces, place_pair
from scenes.mobjects.label import LINE
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Frame, Region

_HIGH, _LOW, _NONE = (7.0, 5.0, 3.6, 2.8, 2.2, 1.7, 1.3), (0.9,), (0.0,)  # heights of the largest bar, in em
_MAPS = 0.58, 0.52, 0.47  # shares of the stage's height that the map and its notes may take, the best one first
_AXIS, _COSINES = 5.6, 9.0  # widths of what stands on both sides of a wide map, in em


@dataclass(frozen=True)
class ComparisonPlaces:
    """Where everything stands.

    Parameters
    ----------
    alone, apart
        The sentences, first alone, then over and under the map.
    numbered
        Whether there is room for numbers on the bars then.
    map, note, foot
        The map, what its height means, and the cosines.
    """

    alone: PairPlaces
    apart: PairPlaces
    numbered: bool
    map: Region
    note: Region
    foot: Region


def place_comparison(texts: Sequence[ChipTexts], numbers: Sequence[list[str]], frame: Frame) -> ComparisonPlaces | None:
    """Return places for two sentences, or None where they cannot be read.

    Parameters
    ----------
    texts, numbers
        What the chips of each sentence say, and what stands over their bars.
    frame
        Gives the stage and sizes.
    """
    stage, easy = frame.stage, frame.text if frame.wide else frame.small_text
    large, small = (
        (frame.text * 1.5, easy, frame.smallest_text),
        (frame.text * 1.2, frame.small_text, frame.smallest_text),
    )
    alone = place_pair(texts, numbers, stage, large, _HIGH) or place_pair(texts, numbers, stage, large, _LOW)
    bare = [[""] * len(row) for row in numbers]
    if alone is None:
        return None
    for printed, bars, share in _ways():
        found = place_pair(texts, numbers if printed else bare, stage, small, bars, share * stage.height)
        if found:
            return ComparisonPlaces(alone, found, printed, *_around_the_map(found.between, frame))
    return None


def _ways() -> Iterator[tuple[bool, tuple[float, ...], float]]:
    """Yield how sentences may stand apart, best first: with numbers or without, how high bars, the map's share."""
    for printed, bars in ((True, _HIGH), (True, _LOW), (False, _LOW), (False, _NONE)):
        for share in _MAPS:
            yield printed, bars, share


def _around_the_map(between: Region, frame: Frame) -> tuple[Region, Region, Region]:
    """Return the map, the place of the note and that of the cosines: beside it in a wide frame, else under it."""
    text = frame.text
    if frame.wide:
        note, rest = between.cut_left(_AXIS * text, text)
        plane, foot = rest.cut_left(rest.width - (_COSINES + 1) * text, text)
        return plane, note, foot
    foot, plane = between.cut_bottom(text * LINE, text * 0.3)
    note, plane = plane.cut_bottom(frame.small_text * LINE, text * 0.1)
    return plane, note, foot
