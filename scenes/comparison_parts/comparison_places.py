"""Where the parts of the comparison stand: both sentences alone, then beside or over the map and the cosines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scenes.comparison_parts.pair_places import PairPlaces, place_pair
from scenes.mobjects.label import LINE
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Frame, Region

_HIGH, _LOW, _NONE = (3.6, 2.8, 2.2, 1.7, 1.3), (0.9,), (0.0,)  # heights of the largest bar, in em
_BESIDE = 0.4  # share of a wide stage's width that the sentences take
_OVER = 0.44  # share of a narrow stage's height that sentences with bars take
_BARE_OVER = (0.25, 0.3, 0.36, 0.44, 0.51)  # and what those without bars may take


@dataclass(frozen=True)
class ComparisonPlaces:
    """Where everything stands.

    Parameters
    ----------
    alone, aside
        The sentences, first alone, then beside or over the map.
    numbered
        Whether there is room for numbers on the bars aside.
    map, note, foot
        The map, a line of text under it, and the cosines.
    """

    alone: PairPlaces
    aside: PairPlaces
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
        (frame.text * 1.3, easy, frame.smallest_text),
        (frame.text, frame.small_text, frame.smallest_text),
    )
    alone = place_pair(texts, numbers, stage, large, _HIGH) or place_pair(texts, numbers, stage, large, _LOW)
    bare = [[""] * len(row) for row in numbers]
    if alone is None:
        return None
    for printed, bars, share in _ways(frame):
        aside, rest = _parted(frame, share)
        found = place_pair(texts, numbers if printed else bare, aside, small, bars)
        if found:
            foot, plane = rest.cut_bottom(frame.text * LINE * 2.1, frame.text * 0.4)
            note, plane = plane.cut_bottom(frame.small_text * LINE, frame.text * 0.1)
            return ComparisonPlaces(alone, found, printed, plane, note, foot)
    return None


def _ways(frame: Frame) -> Iterator[tuple[bool, tuple[float, ...], float]]:
    """Yield how sentences may stand aside, best first: with numbers or without, how high bars, which share."""
    for printed, bars in ((True, _HIGH), (True, _LOW), (False, _LOW)):
        if frame.wide or frame.tall:  # a square one needs the room for the map
            yield printed, bars, _BESIDE if frame.wide else _OVER
    for share in (_BESIDE,) if frame.wide else _BARE_OVER:
        yield False, _NONE, share


def _parted(frame: Frame, share: float) -> tuple[Region, Region]:
    """Return the part of the stage for the sentences, and what is beside or under it."""
    stage, text = frame.stage, frame.text
    if frame.wide:
        return stage.cut_left(share * stage.width, text)
    return stage.cut_top(share * stage.height, text * 0.4)
