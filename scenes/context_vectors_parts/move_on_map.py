"""`MoveOnMap`: what of a map of meanings the followed token's move is about, and the close-up of it."""

import numpy as np

from scenes.context_vectors_parts.closeness import Closeness
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.look.theme import Theme
from scenes.mobjects.embedding_map import EmbeddingMap
from scenes.places.layout import Frame, Region

_CLOSEST = 2.2  # how many times as large as on the whole map things are at most
_AROUND = 0.25  # kept free around the close-up, in scene units
_LINES, _LINES_TALL = 1.6, 3.0  # height of what is said under it, in em


class MoveOnMap:
    """The token that moves, the one that it moves toward, and the neighbours of both; all else steps back.

    Parameters
    ----------
    drawn
        The map; its :attr:`~scenes.mobjects.embedding_map.EmbeddingMap.goal` is a token.
    near
        How close the two are.
    frame, theme
        Give the stage, sizes and colours.

    ``close`` are the map's corner points then. ``close_up`` are the labels that say how close the two are, the last of
    them after the move; ``at_first`` says so under the whole map.
    """

    def __init__(self, drawn: EmbeddingMap, near: Closeness, frame: Frame, theme: Theme) -> None:
        self.map, self.frame = drawn, frame
        goal = drawn.followed if drawn.goal is None else drawn.goal
        self.own: Array = np.maximum(drawn.near(drawn.followed), drawn.near(goal))
        content, stage = self._content(), frame.stage
        said = frame.hero * (_LINES_TALL if frame.tall else _LINES)
        zoom = min(stage.width / content.width, (stage.height - said) / content.height, _CLOSEST)
        block = stage.middle(stage.width, content.height * zoom + said)
        note, there = block.cut_bottom(said)
        self.close: Array = drawn.points.copy()
        self.close[:, :2] = there.center + zoom * (self.close[:, :2] - content.center)
        self.close_up = near.told(note, frame.hero, theme)
        self.at_first = near.told(drawn.note, frame.text, theme, after=False)

    def _content(self) -> Region:
        """Return the rectangle around all that the move is about."""
        seen = np.flatnonzero((self.own > 0) & self.map.spots.named).tolist()
        spots = self.map.spots
        boxes = [*(self.map.box(index) for index in seen), spots.box(spots.way[-1], spots.sizes[spots.mover])]
        left, bottom = (min(getattr(box, side) for box in boxes) - _AROUND for side in ("left", "bottom"))
        right, top = (max(getattr(box, side) for box in boxes) + _AROUND for side in ("right", "top"))
        return Region(left, bottom, right, top)

    def alone(self) -> Change:
        """Let all else vanish."""
        return Change(self.map, shown=self.own, joined=self.own[self.map.spots.line_ends])
