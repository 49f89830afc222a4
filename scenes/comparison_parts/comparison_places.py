"""Where the parts of the comparison stand: both sentences alone, then beside the fan, and the cosines."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenes.comparison_parts.pair_places import PairPlaces, place_pair
from scenes.mobjects.label import LINE
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Frame, Region

_HIGH, _LOW = (7.0, 5.0, 3.6, 2.8, 2.2, 1.7, 1.3), (0.9,)  # heights of the largest bar, in em
_COLUMN = 0.46  # share of a wide stage's width that sentences and cosines take
_ROWS = {"9:16": 0.36, "1:1": 0.22}  # shares of the height that the sentences may take over the fan
_COSINES = 8.6, 5.0  # width and height of the cosines under each other, in em


@dataclass(frozen=True)
class BesidePlaces:
    """Where the sentences, the fan and the cosines stand at last."""

    rows: PairPlaces
    fan: Region
    foot: Region


def place_alone(texts: Sequence[ChipTexts], numbers: Sequence[list[str]], frame: Frame) -> PairPlaces | None:
    """Return places for two sentences that have the stage to themselves, or None where they cannot be read.

    Parameters
    ----------
    texts, numbers
        What the chips of each sentence say, and what stands over their bars.
    frame
        Gives the stage and sizes.
    """
    largest = frame.text * 1.5
    easy = largest if frame.tall else frame.text if frame.wide else frame.small_text  # height is there to be used
    sizes = largest, easy, frame.smallest_text
    return place_pair(texts, numbers, frame.stage, sizes, _HIGH) or place_pair(texts, numbers, frame.stage, sizes, _LOW)


def place_beside(texts: Sequence[ChipTexts], frame: Frame) -> BesidePlaces | None:
    """Return places for two sentences beside the fan, over it in a narrow frame; None where they cannot be read."""
    text, bare = frame.text, [[""] * len(each.labels) for each in texts]
    if frame.wide:
        column_width = _COLUMN * frame.stage.width
        fan, column = frame.stage.cut_left(frame.stage.width - column_width - 1.5 * text, 1.5 * text)
        foot, rest = column.cut_bottom(_COSINES[1] * text, text)
        sizes = 1.15 * text, text, frame.smallest_text
        rows = place_pair(texts, bare, rest, sizes, (0.0,), flush=True)
        return BesidePlaces(rows, fan, foot) if rows else None
    sizes = text, text if frame.tall else frame.small_text, frame.smallest_text
    most, _ = frame.stage.cut_top(_ROWS[frame.name] * frame.stage.height)
    rows = place_pair(texts, bare, most, sizes, (0.0,))
    if rows is None:
        return None
    taken, rest = frame.stage.cut_top(rows.height * 1.001, text)
    rows = place_pair(texts, bare, taken, (rows.size, rows.size, rows.size * 0.999), (0.0,))
    if frame.tall:
        foot, fan = rest.cut_bottom(text * LINE, text * 0.5)
    else:
        fan, foot = rest.cut_left(rest.width - _COSINES[0] * frame.small_text, frame.small_text)
    return BesidePlaces(rows, fan, foot) if rows else None
