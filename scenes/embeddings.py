"""Clip 2: an embedding is a meaningful vector of numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attention.text import right_to_left
from scenes.drawing.arrays import corners
from scenes.drawing.change import Change, row_order
from scenes.drawing.fact import Fact
from scenes.drawing.text_fitting import shorten
from scenes.embeddings_parts.embedding_map import EmbeddingMap
from scenes.embeddings_parts.embedding_places import place_result, place_vectors
from scenes.embeddings_parts.embedding_table import EmbeddingTable, id_label
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import EMBEDDING, Scale
from scenes.mobjects.label import LINE, Label, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.mobjects.travelling_chip import TravellingChip
from scenes.places.chip_lines import ID_DROP, ID_SIZE, ChipLines, place_chips
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Region, visible_slots

NEAREST = 3  # neighbours whose cosine is written out
LONGEST_READING = 12.0  # of a neighbour, in em
DIMMED = 0.25
SMALLEST_CHIP = 1.18  # of a chip with an id under it, as a multiple of the smallest text


class Embeddings(ExplainerScene):
    """An id picks its row of the table, the position is added, all rows make X, and near rows mean related tokens."""

    stage = "embeddings"

    def construct(self) -> None:
        """Play the storyboard's row for clip 2."""
        self._lay_out()
        self._build()
        self._every_token_has_an_id()
        self._an_id_picks_its_row()
        self._the_row_is_a_vector()
        if self.trace.position_vectors is not None:
            self._its_position_is_added()
        if not self.sums:
            self._it_becomes_the_layers_input()
        self._all_tokens_make_x()
        self._near_rows_belong_to_related_tokens()
        if self.map.tokens > 1:
            self._every_token_has_its_neighbours()
        self._x_and_the_map_rest()

    @beat
    def _every_token_has_an_id(self) -> None:
        self.carry_over(*self.chips.values(), *self.ids.values())
        self.say("Each token has an id, but the id has no meaning")
        self.wait(1.0)

    @beat
    def _an_id_picks_its_row(self) -> None:
        self.say("The id picks one row of the embedding table")
        self._make_room()
        self._lift_the_token()
        own = self.table.ids[self.token]
        self.play(*self.appear([part for part in self.table.parts if part is not own]), run_time=0.6)
        flying = self.id.copy()
        self.play(Change(flying, points=own.points), run_time=1.0)
        self.remove(flying)
        self.add(own)
        lit = np.full(self.table.cells.shape, DIMMED)
        lit[self.table.row] = 1
        others = [Change(label, opacity=0.35) for token, label in self.table.ids.items() if token != self.token]
        self.ring = Ring(self.table.cells.region(rows=self.table.row), self.theme.text)
        self.play(Change(self.table.cells, lit=lit), *self.appear([self.ring]), *others, run_time=0.5)

    @beat
    def _the_row_is_a_vector(self) -> None:
        strip, place = self.strips[0], self.vectors.strips[0]
        strip.points = self.table.cells.region(rows=self.table.row).corners
        self.say(f"The row is a vector: {len(self.trace.embeddings[0])} numbers, found in training")
        self.play(Change(strip, points=place.corners), run_time=1.2)
        self.play(*self.appear([self.strip_names[0]]), run_time=0.4)
        self.wait(1.0)

    @beat
    def _its_position_is_added(self) -> None:
        row, position = self.strips[:2]
        self.say("A vector for its place in the sentence is added")
        self.play(*self.appear([position, self.strip_names[1]]), run_time=0.6)
        if not self.sums:
            self.wait(0.8)
            return
        total = self.strips[2]
        self.play(*(Change(strip, lit=DIMMED) for strip in (row, position)), run_time=0.3)
        total.shown[:] = 0
        across = np.linspace(0, 1, len(self.columns))[None, :]
        self.play(
            *self.appear([self.strip_names[2]]),
            *(Change(strip, lit=1, order=across) for strip in (row, position)),
            Change(total, shown=1, order=across),
            run_time=2.2,
        )
        self.wait(0.6)

    @beat
    def _it_becomes_the_layers_input(self) -> None:
        layer = self.trace.layer
        self.say(f"What layer {layer} receives has passed the layers below" if layer else "Then the row is normalised")
        self.play(*(Change(strip, lit=DIMMED) for strip in self.strips[:-1]), run_time=0.3)
        self.play(*self.appear([self.strips[-1], self.strip_names[-1]]), run_time=1.0)
        self.wait(1.0)

    @beat
    def _all_tokens_make_x(self) -> None:
        self.say("One such row for each token: together they are X")
        total, place = self.strips[-1], self.slots.tolist().index(self.token)
        gone = [*self.table.parts, self.ring, *self.strips[:-1], *self.strip_names, self.id]
        self.play(*self.fade(gone, 0), run_time=0.4)
        self.remove(*gone, self.table)
        self.play(
            Change(total, points=self.x.region(rows=place).corners),
            *self._name_the_rows(),
            *self.fade(list(self.ids.values()), 0),
            run_time=1.3,
        )
        self.x.shown[:] = 0
        self.x.shown[place] = 1
        self.add(self.x)
        self.remove(total, *self.ids.values())
        name = self.appear(self.x_name.parts)
        self.play(Change(self.x, shown=1, order=row_order(*self.x.shape)), *name, run_time=1.6)
        self.wait(0.4)

    @beat
    def _near_rows_belong_to_related_tokens(self) -> None:
        self.say("Tokens used alike have rows that point the same way")
        self.map.shown[:], self.map.joined[:] = 0, 0
        self.play(*self._light([self.token]), *self.appear([self.map]), run_time=0.6)
        self._fly_to_the_map([self.token], 1.2)
        near, lines = self.map.near(self.token), self.map.lines_of(self.token)
        self.play(Change(self.map, shown=near, joined=lines), run_time=0.8)
        note = self._nearest()
        self.play(*self.appear([note]), run_time=0.4)
        self.wait(1.6)
        self.play(*self.fade([note], 0), run_time=0.3)
        self.remove(note)

    @beat
    def _every_token_has_its_neighbours(self) -> None:
        self.say("Every token stands among related ones in the table")
        self.play(*self._light(self.slots.tolist()), run_time=0.4)
        self._fly_to_the_map([token for token in self.slots.tolist() if token not in (-1, self.token)], 1.4)
        self.play(Change(self.map, shown=np.maximum(self.map.of_tokens(), self.map.shown)), run_time=0.3)
        self.play(Change(self.map, shown=1, joined=1), run_time=1.0)

    @beat
    def _x_and_the_map_rest(self) -> None:
        self.say("An embedding is a meaningful vector of numbers")
        note = self._note(f"{len(self.trace.embeddings[0])} dimensions drawn in two: near means alike")
        self.play(*self._light(self.slots.tolist()), *self.appear([note]), run_time=0.5)
        self.rest()

    def _lay_out(self) -> None:
        """Find the places of chips with ids, of table and vectors, of X and map."""
        frame, stage = self.frame, self.frame.stage
        self.columns = visible_slots(self.trace.embeddings.shape[1], 7 if frame.wide else 5)
        self.lines = fit(self._all_chips)
        self.head_lines: ChipLines | None = None
        body = stage
        if frame.wide and len(self.shown) > 1:
            head, rest = stage.cut_top(0.3 * stage.height, frame.text * 0.5)
            self.head_lines = self._chip_lines(head, frame.small_text)
            body = rest if self.head_lines else stage
        self.sums = self.trace.embeddings_are_sums
        placed = self.trace.position_vectors is not None
        strips = 1 + placed + (placed or not self.sums)
        self.vectors = place_vectors(self.trace, frame, body, len(self.columns), strips)
        self.result = place_result(self.trace, frame, len(self.columns))
        self.slots = self.result.slots

    def _all_chips(self, most: int) -> ChipLines | None:
        """Return places for the chips of at most so many tokens with their ids."""
        self.shown = visible_slots(len(self.trace), most)
        return self._chip_lines(self.frame.stage, self.frame.text * 1.5)

    def _chip_lines(self, region: Region, largest: float) -> ChipLines | None:
        """Return places for the chips with their ids in ``region``, None where they could not be read."""
        texts = ChipTexts.of(self.trace, self.shown)
        ids = [str(self.trace.token_ids[slot]) if slot >= 0 else "" for slot in self.shown.tolist()]
        smallest = self.frame.smallest_text * SMALLEST_CHIP
        backward = right_to_left(self.trace.sentence)
        return place_chips(texts, ids, region, max(largest, smallest), smallest, backward)

    def _place_in_x(self, token: int) -> tuple[float, float, float]:
        """Return the middle of a token's chip beside its row of X, and how far such chips are apart."""
        names, place = self.result.x.row_names, self.slots.tolist().index(token)
        pitch = names.height / len(self.slots)
        width = self.chips[token].width_at(self.result.chip_size)
        return names.right - width / 2, names.top - (place + 0.5) * pitch, pitch

    def _build(self) -> None:
        """Make every part in its place."""
        trace, theme, size = self.trace, self.theme, self.lines.size
        self._pick_token()
        self.chips: dict[int, TravellingChip] = {}
        self.ids: dict[int, Label] = {}
        for token, (x, y) in zip(self.shown.tolist(), self.lines.centers.tolist(), strict=True):
            self.chips[token] = TravellingChip(trace, token, size, theme).stand(x, y)
            if token >= 0:
                self.ids[token] = id_label(trace, token, theme, size * ID_SIZE)
                self.ids[token].move_to((x, y - ID_DROP * size, 0))
        largest = max(float(np.abs(values).max()) for values in (trace.token_vectors, trace.embeddings))
        self.coloring = Scale(EMBEDDING, largest, theme)
        self.table: EmbeddingTable = EmbeddingTable(
            trace, self.token, self.columns, self.vectors, self.coloring, self.frame, theme
        )
        self._build_strips()
        self.x = self._tensor("embeddings", trace.embeddings, self.slots)
        self.x.points = self.result.x.cells.corners
        shape = shape_parts("embeddings", trace.embeddings.shape, theme.text)
        line = [("n × d_model =", theme.quiet), *shape]
        self.x_name = TensorName("X", line, EMBEDDING, (self.frame.text, self.frame.small_text), theme)
        self.x_name.move_to((*self.result.name, 0))
        self.map = EmbeddingMap(trace, self.result.map, self.frame, theme, self.token)

    def _pick_token(self) -> None:
        """Choose a visible word with a meaning of its own, which makes its row long, and with near relatives."""
        trace = self.trace
        nearness = trace.neighbours.cosines[:, :NEAREST].mean(axis=1)
        meaning = np.linalg.norm(trace.token_vectors, axis=1) * nearness
        plain = trace.words & ~trace.continues & ~trace.unknown
        visible = np.intersect1d(self.slots, self.shown)
        self.token = max((token for token in visible.tolist() if token >= 0), key=lambda k: (plain[k], meaning[k]))

    def _build_strips(self) -> None:
        """Make the token's vectors, each with a name over it."""
        trace, theme = self.trace, self.theme
        number = Fact(f"token_ids[{self.token}]", float(trace.token_ids[self.token]), 0)
        fields = [("token_vectors", trace.token_vectors)]
        names: list[list[Part]] = [[("row", theme.quiet), (number, theme.text), ("of the table", theme.quiet)]]
        if trace.position_vectors is not None:
            fields.append(("position_vectors", trace.position_vectors))
            names.append([("+", theme.text), (f"vector of position {self.token + 1}", theme.quiet)])
        if len(fields) > 1 or not self.sums:
            fields.append(("embeddings", trace.embeddings))
            made = f"into layer {trace.layer}: its row of X" if trace.layer else "normalised: its embedding"
            names.append([("=", theme.text), ("its embedding", theme.quiet)] if self.sums else [(made, theme.quiet)])
        self.strips = [self._tensor(field, values, np.array([self.token])) for field, values in fields]
        self.strip_names = [Label(parts, theme.text, self.frame.small_text) for parts in names]
        for strip, name, place in zip(self.strips, self.strip_names, self.vectors.strips, strict=True):
            strip.points = place.corners
            name.move_to((place.left + name.width / 2, place.top + name.height * 0.6, 0))

    def _tensor(self, field: str, values: NDArray[np.float32], rows: NDArray[np.int64]) -> Tensor:
        smallest = self.frame.smallest_number
        return Tensor(
            values, self.coloring, field=field, rows=rows, columns=self.columns, decimals=2, smallest=smallest
        )

    def _nearest(self) -> Label:
        """Return the nearest rows of the table with their cosines, as many as fit under the map."""
        trace, theme, token = self.trace, self.theme, self.token

        def place(count: int) -> Label | None:
            parts: list[Part] = [("cosine:", theme.quiet)]
            for rank in range(count):
                cosine = float(trace.neighbours.cosines[token, rank])
                parts.append((shorten(trace.neighbours.readings[token][rank], LONGEST_READING), theme.text))
                parts.append((Fact(f"neighbour_cosines[{token}, {rank}]", cosine), theme.ink(EMBEDDING)))
            label = self._note(parts)
            return label if label.width <= self.result.note.width else None

        return fit(place, NEAREST, fewest=1)

    def _note(self, parts: str | Sequence[Part]) -> Label:
        """Return a line of text under the map, as large as fits."""
        label = Label(parts, self.theme.quiet, self.frame.small_text)
        size = min(self.frame.small_text, self.result.note.width / label.natural_width)
        label = Label(parts, self.theme.quiet, max(size, self.frame.smallest_text))
        label.move_to((*self.result.note.center, 0))
        return label

    def _make_room(self) -> None:
        """Take the chips to the top where there is room for them, dimmed but for one; else only that one stays."""
        others = [token for token in self.chips if token != self.token]
        if self.head_lines is None:
            labels = [self.ids[token] for token in others if token >= 0]
            if others:
                self.play(*self.fade([*(self.chips[token] for token in others), *labels], 0), run_time=0.6)
            return
        size, moves = self.head_lines.size, []
        for (token, chip), (x, y) in zip(self.chips.items(), self.head_lines.centers.tolist(), strict=True):
            moves.append(chip.go(x, y, size))
            if token >= 0:
                label = self.ids[token]
                scale = size / self.lines.size
                box = corners(x, y - ID_DROP * size, label.width * scale, label.height * scale)
                moves.append(Change(label, points=box))
        self.play(*moves, run_time=1.0)
        dim = [Change(self.chips[token], lit=0) for token in others]
        self.play(*dim, *(Change(self.ids[token], opacity=0.35) for token in others if token >= 0), run_time=0.3)

    def _lift_the_token(self) -> None:
        """Bring the token and its id to where its vectors will be."""
        own, size = self.chips[self.token], self.frame.text
        self.chip = own.copy() if self.head_lines else own
        self.id = self.ids[self.token].copy() if self.head_lines else self.ids[self.token]
        left, y = self.vectors.chip
        width = own.width_at(size)
        scale = size * ID_SIZE * LINE / self.id.height
        box = corners(
            left + width + size * 0.6 + self.id.width * scale / 2, y, self.id.width * scale, self.id.height * scale
        )
        self.play(self.chip.go(left + width / 2, y, size), Change(self.id, points=box), run_time=1.0)

    def _name_the_rows(self) -> list[Change]:
        """Return the ways of all chips to the rows of X; those whose rows are not shown vanish."""
        moves = []
        for token in self.slots.tolist():
            if token not in self.chips:
                self.chips[token] = TravellingChip(self.trace, token, self.result.chip_size, self.theme)
                x, y, pitch = self._place_in_x(token)
                self.chips[token].stand(x, y, pitch).set_opacity(0)
        for token, chip in {**self.chips, self.token: self.chip}.items():
            if token in self.slots:
                x, y, pitch = self._place_in_x(token)
                moves.append(chip.go(x, y, self.result.chip_size, pitch, opacity=1.0, lit=1.0))
            else:
                moves.append(Change(chip, opacity=0))
        if self.chips[self.token] is not self.chip:
            self.remove(self.chips[self.token])
            self.chips[self.token] = self.chip
        return moves

    def _light(self, tokens: Sequence[int]) -> list[Change]:
        """Dim all but the rows of some tokens, and the chips beside them."""
        lit = np.where(np.isin(self.slots, tokens), 1.0, DIMMED)
        chips = [Change(self.chips[slot], lit=on) for slot, on in zip(self.slots.tolist(), lit.tolist(), strict=True)]
        return [Change(self.x, lit=lit[:, None]), *chips]

    def _fly_to_the_map(self, tokens: Sequence[int], run_time: float) -> None:
        """Let copies of the rows' chips fly to where their tokens are on the map, which then shows them."""
        shown, copies, flights = self.map.shown.copy(), [], []
        for token in tokens:
            landmark = self.map.landmark_of(token)
            if not self.map.named[landmark]:
                continue
            copy = self.chips[token].copy()
            copies.append(copy)
            twin = float(shown[landmark] == 0)  # of a token that is already there, only one stays to be seen
            shown[landmark] = 1
            flights.append(copy.go(*self.map.box(landmark).center, self.map.chip_size, opacity=twin))
        if flights:
            self.play(*flights, run_time=run_time)
        self.map.shown = shown
        self.remove(*copies)
