"""`EmbeddingTable`: the tall table of all tokens' vectors, of which only a sentence's rows are seen."""

import numpy as np
from manim import Group
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.embeddings_parts.embedding_places import RowPlaces
from scenes.look.fonts import MONO
from scenes.look.theme import EMBEDDING, Scale, Theme
from scenes.mobjects.label import LINE, Label
from scenes.mobjects.tensor import Tensor
from scenes.places.layout import Frame
from scenes.words import _

_MOST_PICKED = 3  # rows that are seen, apart from the ellipses between them


class EmbeddingTable(Group):
    """Some rows of the table in the order of their ids, an ellipsis for all the rows between two of them.

    Parameters
    ----------
    trace
        Its tokens' rows are the ones that can be seen.
    token
        The token whose row is certainly among them.
    columns
        Which columns are shown, -1 for an ellipsis.
    places
        Where it stands.
    scale
        Gives each number its colour.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Table(DrawingScene):
            def construct(self):
                traced, frame, theme = trace("The cat sat."), Frame("16:9"), THEMES["dark"]
                columns = np.arange(traced.token_vectors.shape[1])
                places = place_one_row(traced, frame, 1)
                scale = signed_scale(EMBEDDING, traced.token_vectors, theme)
                self.add(EmbeddingTable(traced, 1, columns, places, scale, frame, theme))
    """

    def __init__(
        self,
        trace: AttentionTrace,
        token: int,
        columns: NDArray[np.int64],
        places: RowPlaces,
        scale: Scale,
        frame: Frame,
        theme: Theme,
    ) -> None:
        rows = picked_rows(trace.token_ids, token, _MOST_PICKED)
        self.cells = Tensor(trace.token_vectors, scale, field="token_vectors", rows=rows, columns=columns, decimals=2)
        self.cells.printed[:] = 0
        self.row = rows.tolist().index(token)
        title = _("embedding table: one row for each id") if frame.wide else _("embedding table")
        self.title = Label(title, theme.ink(EMBEDDING), frame.text)
        above = LINE * 1.3 * frame.text
        height = min((places.table.height - above) / len(rows), frame.text * 3.4) * len(rows)
        over, region = places.table.middle(places.table.width, height + above).cut_top(above)
        self.cells.points = region.corners
        self.title.move_to((*over.center, 0))
        self.ids = {index: id_label(trace, index, theme, frame.text) for index in rows.tolist() if index >= 0}
        for place, index in enumerate(rows.tolist()):
            if index >= 0:
                self.ids[index].move_to(
                    (places.ids - self.ids[index].width / 2, self.cells.region(rows=place).center[1], 0)
                )
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """The cells, their name and the rows' ids."""
        return [self.cells, self.title, *self.ids.values()]


def id_label(trace: AttentionTrace, token: int, theme: Theme, size: float) -> Label:
    """Return a token's id as a label, ``size`` scene units to an em."""
    fact = Fact(f"token_ids[{token}]", float(trace.token_ids[token]), 0)
    return Label([(fact, theme.text)], theme.text, size, MONO)


def picked_rows(token_ids: NDArray[np.int64], token: int, most: int) -> NDArray[np.int64]:
    """Return the tokens of at most ``most`` different rows by rising id, ``token`` among them, and -1 for ellipses.

    >>> picked_rows(np.array([7, 3, 9, 3, 4]), 0, 3).tolist()
    [-1, 1, -1, 0, -1, 2, -1]
    """
    ids, first = np.unique(token_ids, return_index=True)
    own = int(np.searchsorted(ids, token_ids[token]))
    first[own] = token
    chosen = np.unique(np.linspace(0, len(ids) - 1, min(most, len(ids))).round().astype(int))
    chosen[np.abs(chosen - own).argmin()] = own
    rows: list[int] = []
    last = -1
    for index in chosen.tolist():
        rows += [int(first[index])] if ids[index] == last + 1 else [-1, int(first[index])]
        last = int(ids[index])
    return np.array([*rows, -1])
