"""Clip 2: an embedding is a meaningful vector of numbers."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from scenes.content.variants import what_a_row_is, what_becomes_of_the_row
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change, row_order
from scenes.drawing.fact import Fact
from scenes.drawing.text_fitting import shorten
from scenes.embeddings_parts.embedding_places import LONGEST_CHIP, place_embeddings, place_one_row
from scenes.embeddings_parts.embedding_table import EmbeddingTable, id_label
from scenes.embeddings_parts.one_vector import OneVector
from scenes.explainer_scene import OPENING, ExplainerScene, beat
from scenes.look.theme import EMBEDDING, Scale, signed_scale
from scenes.mobjects.embedding_map import EmbeddingMap
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_lines import ID_DROP, READ_DROP, READ_SIZE
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import first_fit
from scenes.places.layout import Region, visible_slots
from scenes.places.read_numbers import most_columns, read_query
from scenes.words import _, ngettext, pieces

LONGEST_READING = 8.0  # of a neighbour, in em
DIMMED = 0.25
FADED = 0.5  # of texts, which stay readable


class Embeddings(ExplainerScene):
    """An id picks its row of the table, the position is added, all rows make X, and near rows mean related tokens."""

    stage = "embeddings"

    def construct(self) -> None:
        """Play the storyboard's row for clip 2."""
        self._lay_out()
        self._build()
        self._an_id_picks_a_row()
        self._the_row_is_a_vector()
        if self.trace.position_vectors is not None:
            self._its_position_is_added()
        if not self.trace.embeddings_are_sums:
            self._it_becomes_the_layers_input()
        self._all_tokens_make_x()
        self._rows_become_points_of_a_map()
        if len(self.map.told) > 1:
            self._near_points_mean_alike()
        self._the_map_rests()

    @beat
    def _an_id_picks_a_row(self) -> None:
        table, said = self.table, _("An id has no meaning: it picks a row of a table")
        others = [id_ for token, id_ in table.ids.items() if token != self.followed]
        if self._leave_the_others():
            self.say(said)
            self._go_to_the_table(others)
        else:
            self.carry_over(self.own, self.id, table.cells, table.title, *others)
            self.say(said)
        lit = np.full(table.cells.shape, DIMMED)
        lit[table.row] = 1
        self.play(Change(table.cells, lit=lit), *self.appear([self.ring]), *self.fade(others, FADED), run_time=0.5)

    def _leave_the_others(self) -> bool:
        """Let the token's chip stay with its id while all others vanish; return whether it was there."""
        before = self.on_stage
        standing = [chip for part in before for chip in part.standing_chips() if chip.token == self.followed]
        if not standing:
            return False
        self.wait_until_read()
        self.wait(OPENING)
        self._opening = False
        chip = standing[0]
        self.own.places[:], self.own.sizes[:], self.own.ringed[:] = (chip.x, chip.y), chip.size, 0
        self.own.lit[:] = chip.lit
        self.id.points = id_label(self.trace, self.followed, self.theme, READ_SIZE * chip.size).points
        self.id.move_to((chip.x, chip.y - READ_DROP * chip.size, 0))
        self.add(self.own, self.id)
        self.play(*self.fade(before, 0), *self._begin_stage(), Change(self.own, ringed=1, lit=1), run_time=0.4)
        self.remove(*before)
        return True

    def _go_to_the_table(self, others: Sequence[Label]) -> None:
        """Let the chip go to the table, which appears, and its id along the chip's edge to its row, then the others."""
        label = self.table.ids[self.followed]
        (x, y), size = self.named, self.frame.hero
        under = label.copy().move_to((x, y - ID_DROP * size, 0))
        moved = Change(self.own, places=[self.named], sizes=size)
        self.play(moved, Change(self.id, points=under.points), run_time=0.6)
        level = label.copy().set_y(under.get_center()[1])
        coming = [self.table.cells, self.table.title]
        self.play(*self.appear(coming), Change(self.id, points=level.points), run_time=0.5)
        self.play(Change(self.id, points=label.points), run_time=0.4)
        self._play_all(self.appear(others), 0.3)

    @beat
    def _the_row_is_a_vector(self) -> None:
        self.say(what_a_row_is(self.trace))
        place = self.band.points.copy()
        picked = self._cells_of(self.band, 0)
        self.band.points = self.table.cells.region(rows=self.table.row).corners
        self.add(self.band)
        self.bring_to_front(self.ring)
        gone = [*self.table.parts, self.id]
        self.play(*self.fade(gone, 0), run_time=0.4)
        self.remove(*gone, self.table)
        named = Change(self.own, places=[self.spots.own])
        self.play(Change(self.band, points=place), Change(self.ring, points=picked), named, run_time=0.8)
        strip = self.row.strips[0]
        place, strip.points = strip.points.copy(), picked
        self.add(strip)
        self.play(Change(strip, points=place), run_time=1.0)
        self.play(*self.appear(self.row.beside(0)), run_time=0.4)

    @beat
    def _its_position_is_added(self) -> None:
        self.say(_("A vector for its place in the sentence is added"))
        self._make_room()
        self.play(*self.appear([self.vector.strips[1], *self.vector.beside(1)]), run_time=0.6)
        if self.trace.embeddings_are_sums:
            self.wait(0.4)
            total = self.vector.strips[2]
            total.shown[:] = 0
            self.play(*self.appear(self.vector.beside(2)), run_time=0.4)
            across = np.linspace(0, 1, len(self.vector.columns))[None, :]
            self.play(Change(total, shown=1, order=across), run_time=1.2)
        self.wait(0.4)

    @beat
    def _it_becomes_the_layers_input(self) -> None:
        self.say(what_becomes_of_the_row(self.trace))
        if self.row.strips[0] in self.mobjects:
            self._make_room()
        self.play(*(Change(strip, lit=DIMMED) for strip in self.vector.strips[:-1]), run_time=0.3)
        self.play(*self.appear([self.vector.strips[-1], *self.vector.beside(-1)]), run_time=1.0)
        self.wait(1.0)

    @beat
    def _all_tokens_make_x(self) -> None:
        together, alone = (
            _("One such row for each token: together they are X"),
            _("For one token, this row is all of X"),
        )
        self.say(together if len(self.trace) > 1 else alone)
        if self.row.strips[0] in self.mobjects:
            self._make_room()
        total, place = self.vector.strips[-1], self.places.slots.tolist().index(self.followed)
        gone = [part for part in self.vector.parts if part is not total]
        self.play(*self.fade(gone, 0), run_time=0.4)
        self.remove(*gone)
        chip = next(chip for chip in self.chips.standing_chips() if chip.token == self.followed)
        named = Change(self.own, places=[[chip.x, chip.y]], sizes=[chip.size], tall=[chip.tall])
        self._unroll(total, self.x.region(rows=place), named)
        self.x.shown[:] = 0
        self.x.shown[place] = 1
        self.add(self.x)
        self.remove(self.wide, *self.vector)
        self.play(
            Change(self.x, shown=1, order=row_order(*self.x.shape)),
            *self.appear([self.chips, *self.x_name.parts]),
            run_time=1.5,
        )
        self.remove(self.own)
        self.wait(1.5)

    def _unroll(self, cells: Tensor, place: Region, *more: Change) -> None:
        """Let a row widen out of its ``cells`` that are seen, the others coming in from beside the stage."""
        end, stage = place.corners, self.frame.stage
        width = cells.cell_size[0]
        first = self.wide.columns.tolist().index(int(cells.columns[0]))
        start = cells.points.copy()
        start[:, 0] = start[0, 0] - first * width + np.array([0, 1, 0]) * width * self.wide.shape[1]

        def points(share: float) -> Array:
            return np.asarray(start + share * (end - start))

        def inside(share: float) -> Array:
            """Return which cells are on the stage, (1, columns)."""
            left, right = points(share)[:2, 0]
            edges = np.linspace(left, right, self.wide.shape[1] + 1)
            room = np.minimum(edges[:-1] - stage.left, stage.right - edges[1:])
            return np.asarray(np.maximum(np.clip(room / (edges[1] - edges[0]), 0, 1), seen))[None]

        seen = np.isin(self.wide.columns, cells.columns).astype(float)
        self.wide.points = start
        self.wide.shown[:] = seen
        self.add(self.wide.set_opacity(0))
        self.bring_to_front(self.own)
        self.play(Change(cells, printed=0), Change(self.wide, opacity=1), run_time=0.3)
        self.remove(cells)
        self.play(Change(self.wide, points=points, shown=inside), *more, run_time=1.0)

    def _make_room(self) -> None:
        """Let the row of the table go up to where the other vectors join it."""
        before, after = self.row.parts, [self.vector.strips[0], *self.vector.beside(0)]
        self.play(*self.fade([self.band, self.ring], 0), run_time=0.3)
        self.play(*(Change(part, points=place.points) for part, place in zip(before, after, strict=True)), run_time=0.6)
        self.remove(self.band, self.ring, *before)
        self.add(*after)

    @beat
    def _rows_become_points_of_a_map(self) -> None:
        self.map.shown, self.map.joined[:] = self.map.of_tokens(), 0
        chips = self.x.points.copy()
        chips[:, 0] = self.x.points[0, 0] + np.array([0, 0.01, 0])
        self.play(*self.fade(self.x_name.parts, 0), Change(self.x, points=chips), run_time=0.7)
        self.remove(self.x, *self.x_name.parts)
        said = _("A map of the table's rows: {number} dimensions in two", number=self.trace.embeddings.shape[1])
        self.carry_over(self.map, run_time=1.4, said=said)
        self._show_neighbours(self.map.told[:1])

    @beat
    def _near_points_mean_alike(self) -> None:
        self.say(_("Tokens that are used alike have rows that are near"))
        self._show_neighbours(self.map.told[1:])

    @beat
    def _the_map_rests(self) -> None:
        self.say(_("An embedding is a meaningful vector of numbers"))
        if len(self.map.told) > 1:
            self._tell_the_nearest(self.map.told[0])
        self.rest()

    def _show_neighbours(self, tokens: Sequence[int]) -> None:
        """Join tokens to the rows near them on the map, one after the other, and say how near these are."""
        for token in tokens:
            shown = np.maximum(self.map.shown, self.map.near(token))
            joined = np.maximum(self.map.joined, self.map.lines_of(token))
            self._tell_the_nearest(token, Change(self.map, shown=shown, joined=joined, run_time=1.0))
            self.wait(1.2)

    def _tell_the_nearest(self, token: int, *more: Change) -> None:
        """Say how near the rows near a token are."""
        self._forget_the_nearest()
        self.nearest[:] = self._nearest(token)
        if changes := [*more, *self.appear(self.nearest)]:
            self.play(*changes, run_time=max([0.4, *(change.run_time for change in more)]))

    def _forget_the_nearest(self) -> None:
        if self.nearest:
            self.play(*self.fade(self.nearest, 0), run_time=0.2)
            self.remove(*self.nearest)

    def _lay_out(self) -> None:
        """Find the places of chips, table, vectors and X."""
        self.columns = visible_slots(self.trace.embeddings.shape[1], most_columns(self.frame))
        self.places = place_embeddings(self.trace, self.frame, self.followed, len(self.columns), self.shown_tokens)
        self.spots = place_one_row(self.trace, self.frame, self.followed)

    def _build(self) -> None:
        """Make every part in its place."""
        trace, theme, frame = self.trace, self.theme, self.frame
        scale = signed_scale(EMBEDDING, trace.embeddings, theme)
        self._build_row(scale)
        self._build_x(scale)
        self.nearest: list[Label] = []
        self.map: EmbeddingMap = EmbeddingMap(trace, self.shown_weights, self.followed, frame, theme)

    def _build_row(self, scale: Scale) -> None:
        """Make the token's chip, the table, its row as colours, and its vectors."""
        trace, theme, frame, spots, own = self.trace, self.theme, self.frame, self.spots, self.followed
        self.table: EmbeddingTable = EmbeddingTable(trace, own, self.columns, spots, scale, frame, theme)
        self.ring = Ring(self.table.cells.region(rows=self.table.row), theme.text)
        self.id = id_label(trace, own, theme, frame.text)
        self.id.move_to(self.table.ids[own].get_center())
        whole = Region(-frame.width / 2, -frame.height / 2, frame.width / 2, frame.height / 2)
        texts = ChipTexts.of(trace, np.array([own]), LONGEST_CHIP, followed=own)
        row = self.table.cells.region(rows=self.table.row).center[1]
        self.named = spots.own[0], row if spots.beside else spots.own[1]  # beside its row of the table
        self.own = GraphNodes(texts, whole, np.array([self.named]), frame.hero, theme)
        self.band = Tensor(
            trace.token_vectors, scale, field="token_vectors", rows=np.array([own]), columns=self.columns
        )
        self.band.points = spots.band.corners
        self.band.printed[:] = 0
        self.wide = Tensor(trace.embeddings, scale, field="embeddings", rows=np.array([own]), columns=self.columns)
        self.wide.printed[:] = 0
        read = read_query(trace, self.head, own, frame).columns
        self.row: OneVector = OneVector(trace, own, spots.row, scale, frame, theme, read, alone=True)
        self.vector: OneVector = OneVector(trace, own, spots.vectors, scale, frame, theme, read)

    def _build_x(self, scale: Scale) -> None:
        """Make X, its name, and the chips that name its rows."""
        trace, theme, places = self.trace, self.theme, self.places
        self.chips = TokenChips(places.texts, "column", places.chip_size, theme)
        self.chips.points = places.x.row_names.corners
        self.x = Tensor(
            trace.embeddings, scale, field="embeddings", rows=places.slots, columns=self.columns, decimals=2
        )
        self.x.points = places.x.cells.corners
        self.x.printed[:] = 0
        sides = [Fact(f"embeddings.shape[{axis}]", float(size), 0) for axis, size in enumerate(trace.embeddings.shape)]
        said = ngettext("{rows} token × {columns} numbers", "{rows} tokens × {columns} numbers", len(trace))
        line: list[Part] = [
            (piece, theme.quiet if isinstance(piece, str) else theme.text)
            for piece in pieces(said, rows=sides[0], columns=sides[1])
        ]
        self.x_name = TensorName("X", line, EMBEDDING, (self.frame.hero, self.frame.small_text), theme)
        self.x_name.move_to((*places.name, 0))

    def _cells_of(self, tensor: Tensor, row: int) -> Array:
        """Return the corner points of the cells of a row whose numbers are printed large."""
        places = [tensor.columns.tolist().index(column) for column in self.vector.columns.tolist()]
        return tensor.region(rows=row, columns=slice(places[0], places[-1] + 1)).corners

    def _nearest(self, token: int) -> list[Label]:
        """Return a line with the near rows that have a name and their cosines, as many as fit; none if none has."""
        trace, theme = self.trace, self.theme
        ranks = self.map.named_ranks(token)
        own = shorten(trace.labels[token], LONGEST_READING)
        # Translators: before a list of tokens with numbers
        longer = pieces(_("cosine with {token} (1 = same direction):"), token=own)
        heads = longer, [_("cosine:")]

        def place(choice: tuple[int, float, list[str]]) -> Label | None:
            count, size, head = choice
            parts: list[Part] = [(words, theme.text) for words in head]
            for rank in ranks[:count]:
                cosine = float(trace.neighbours.cosines[token, rank])
                parts.append((shorten(trace.neighbours.readings[token][rank], LONGEST_READING), theme.text))
                parts.append((Fact(f"neighbour_cosines[{token}, {rank}]", cosine), theme.ink(EMBEDDING)))
            label = Label(parts, theme.quiet, size)
            label.move_to((*self.map.note.center, 0))
            return label if label.width <= self.map.note.width else None

        sizes = self.frame.small_text, self.frame.smallest_text
        found = first_fit(place, product(range(len(ranks), 0, -1), sizes, heads))
        return [found] if found else []
