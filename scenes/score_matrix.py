"""Clip 6: scores, scaling, softmax."""

import numpy as np
from manim import linear

from scenes.content.asking import named
from scenes.content.variants import what_is_scaled, what_the_first_sees, what_the_mask_forbids
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change, reading_order, row_order
from scenes.explainer_scene import ExplainerScene, beat
from scenes.mobjects.ring import Ring
from scenes.mobjects.stage_strip import StageStrip
from scenes.mobjects.tensor import Tensor
from scenes.score_matrix_parts.empty_cells import EmptyCells
from scenes.score_matrix_parts.query_meets_key import QueryMeetsKey, most_numbers
from scenes.score_matrix_parts.row_alone import row_alone
from scenes.score_matrix_parts.row_panel import RowPanel, State
from scenes.score_matrix_parts.row_states import RowStates
from scenes.score_matrix_parts.score_places import place_scores
from scenes.score_matrix_parts.score_tensors import ScoreTensors, axis_names, corner_of
from scenes.score_matrix_parts.written_score import clearest_score
from scenes.words import _, localized

DIMMED = 0.4


class ScoreMatrix(ExplainerScene):
    """One query against every key, the whole Q·Kᵀ, its scaling, the mask if there is one, and the softmax."""

    stage = "scores"
    crosses = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 6."""
        self._build()
        self._one_query_meets_one_key()
        self._one_query_meets_every_key()
        if len(self.trace) > 1:
            self._every_query_meets_every_key()
        self._scores_are_scaled()
        if self.trace.soft_cap is not None:
            self._a_cap_bounds_them()
        if self.trace.position_bias is not None:
            self._positions_add_a_bias()
        if self.trace.masked:
            self._some_tokens_are_masked()
        self._powers_make_one_row_positive()
        self._shares_of_their_sum_are_weights()
        self._every_row_becomes_weights()

    def tell_in_short(self) -> None:
        """Show one row of the scores alone, and its softmax."""
        if self.settings.head == "mean":
            return  # the mean of several rows of weights is no softmax of one row of scores
        self.query, self.states = self.followed, RowStates(self.trace, self.head, self.followed, self.theme)
        self.panel = row_alone(self.trace, self.states, self.frame, self.theme)
        self._one_row_of_scores_is_made()
        self._it_becomes_positive()
        self._it_becomes_shares()

    @beat
    def _one_row_of_scores_is_made(self) -> None:
        growing = self.panel.grow()
        self.carry_over(*self.panel.parts)
        self.say(_("{asker} asks: its query times each key is a score", asker=named(self.trace, self.query)))
        self.play(growing, run_time=1.3)
        self.play(Change(self.panel.bars, printed=1), run_time=0.4)

    @beat
    def _it_becomes_positive(self) -> None:
        self.say(_("Softmax of one row: e to each score widens the leads"))
        self.panel.turn(self, self.states.powers)

    @beat
    def _it_becomes_shares(self) -> None:
        self.say(_("Divided by their sum: shares that add up to 1"))
        self.panel.turn(self, self.states.weights, Change(self.strip, lit=StageStrip.at("weights")))
        self.wait(0.5)

    @beat
    def _one_query_meets_one_key(self) -> None:
        parts, trace, key = self.all, self.trace, self.meeting.written.key
        told = _("Queries at the side, keys flipped onto the top: Kᵀ")
        self.carry_over(*parts.factors, *parts.chips, *parts.axis_names, self.cells, run_time=2.0, said=told)
        asker, asked = named(trace, self.query), named(trace.attended, key)
        self.say(_("{asker} asks {asked}: multiply, add up: a score", asker=asker, asked=asked))
        self._one_score_is_written_out()

    @beat
    def _one_query_meets_every_key(self) -> None:
        self.say(_("{asker} asks: its query times each key is a score", asker=named(self.trace, self.query)))
        self._the_written_score_goes_to_its_cell()
        k, last = self.all.k, int(np.flatnonzero(self.all.places.keys >= 0)[-1])
        across = np.broadcast_to(np.linspace(0, 1, self.state.shape[1]), self.state.shape)
        self.ring = Ring(k.region(columns=0), self.theme.text)
        growing = self.panel.grow()
        beside = [self.ring, *self.panel.title, *self.panel.names]
        self.play(*self.fade([self.cells], 1), *self.appear(beside), run_time=0.3)
        self.play(
            Change(self.state, shown=self._only_row(1.0, 0.0), order=across, overlap=0.15),
            Change(self.ring, points=k.region(columns=last).corners, rate_func=linear),
            growing,
            run_time=1.3,
        )
        self.play(Change(self.panel.bars, printed=1), *self.appear([self.panel.total]), run_time=0.4)

    @beat
    def _every_query_meets_every_key(self) -> None:
        self.say(_("Every query asks every key: Q·Kᵀ"))
        q, (rows, columns) = self.all.q, self.state.shape
        last = int(np.flatnonzero(self.all.places.slots >= 0)[-1])
        self.play(Change(self.ring, opacity=0), *self._light(None), run_time=0.3)
        self.ring.points = q.region(rows=0).corners
        self.play(Change(self.ring, opacity=1), run_time=0.2)
        self.play(
            Change(self.state, shown=1, order=row_order(rows, columns), overlap=0.15),
            Change(self.ring, points=q.region(rows=last).corners, rate_func=linear),
            run_time=1.5,
        )
        self.play(Change(self.ring, opacity=0), run_time=0.2)

    @beat
    def _scores_are_scaled(self) -> None:
        self.say(what_is_scaled(self.trace))
        self._give_the_matrix_its_room()
        self._become(self.all.scaled, self.states.scaled)

    @beat
    def _a_cap_bounds_them(self) -> None:
        bound = localized(f"{self.trace.soft_cap:g}")
        self.say(_("A soft cap keeps them between −{number} and {number}", number=bound))
        self._become(self.all.capped, self.states.capped)

    @beat
    def _positions_add_a_bias(self) -> None:
        self.say(_("This model adds a bias for where two tokens stand"))
        self._become(self.all.biased, self.states.biased)

    @beat
    def _some_tokens_are_masked(self) -> None:
        self.say(what_the_mask_forbids(self.trace))
        self._become(self.all.masked, self.states.masked)
        if told := what_the_first_sees(self.trace):
            self.say(told)

    @beat
    def _powers_make_one_row_positive(self) -> None:
        self.say(_("Softmax of one row: e to each score widens the leads"))
        powers = self.all.powers
        powers.points = self.state.region(rows=self.row).corners
        across = np.linspace(0, 1, powers.shape[1])[None]
        self.ring.points = powers.points
        self.add(powers, self.ring)
        self.play(*self._dim_rows(self.row), Change(self.ring, opacity=1), run_time=0.4)
        self.panel.turn(
            self,
            self.states.powers,
            Change(powers, shown=1, order=across),
            Change(self.state, shown=self._only_row(0.0, 1.0), order=np.broadcast_to(across, self.state.shape)),
        )

    @beat
    def _shares_of_their_sum_are_weights(self) -> None:
        self.say(_("Divided by their sum: shares that add up to 1"))
        weights = self.all.weights
        weights.lit = self.state.lit.copy()
        across = np.broadcast_to(np.linspace(0, 1, weights.shape[1]), weights.shape)
        self.add(weights, self.ring)
        self.panel.turn(
            self,
            self.states.weights,
            Change(self.strip, lit=StageStrip.at("weights")),
            Change(weights, shown=self._only_row(1.0, 0.0), order=across),
            Change(self.all.powers, shown=0, order=across[:1], remover=True),
        )
        self.wait(0.5)

    @beat
    def _every_row_becomes_weights(self) -> None:
        self.say(_("Attention weights: the shares of each row sum to 1"))
        weights = self.all.weights
        self.play(*self._dim_rows(None), Change(weights, lit=1), run_time=0.4)
        order = row_order(*weights.shape)
        self.play(Change(weights, shown=1, order=order), Change(self.state, shown=0, order=order), run_time=1.4)
        self.remove(self.state)
        self.play(Change(weights, printed=1), run_time=0.4)
        self.rest()

    def _build(self) -> None:
        """Find places for all, make the matrices, and the panel of the row of the token that is followed."""
        trace, frame, theme = self.trace, self.frame, self.theme
        weights = trace.weights[self.head][self.followed]
        corner = corner_of(axis_names(frame, theme))
        places = place_scores(trace, frame, self.followed, weights, (self.shown_tokens, self.shown_keys), corner)
        self.all = ScoreTensors(trace, self.head, self.followed, places, frame, theme)
        self.state = self.all.scores  # what the matrix holds at the moment
        self.cells = EmptyCells(places.product.cells, places.slots, places.keys, theme)
        self.query = self.followed
        self.row = places.slots.tolist().index(self.query)
        self.states = RowStates(trace, self.head, self.query, theme)
        self.panel = RowPanel(
            trace, self.query, self.states.scores, places.bars, places.panel, frame, theme, places.chip_size
        )
        self.states.hidden = self.panel.hidden
        free = places.written(frame)
        written = clearest_score(trace, self.head, self.query, places.key_texts.tokens, most_numbers(free, frame))
        self.meeting = QueryMeetsKey(trace, self.head, written, free, frame, theme)

    def _one_score_is_written_out(self) -> None:
        """Let the query and one key leave their matrices, lie under each other, and add up to their score."""
        parts, meeting = self.all, self.meeting
        row, column = parts.q.region(rows=self.row), parts.k.region(columns=self._column)
        meeting.set_out(row, column)
        self.rings = [Ring(row, self.theme.text), Ring(column, self.theme.text)]
        covered = [] if self.frame.tall else self.fade([self.cells], 0)
        self.play(*self._light(self.row), *self.appear(self.rings), *covered, run_time=0.3)
        meeting.lie_down(self)
        meeting.add_up(self)
        self.wait(0.6)

    def _the_written_score_goes_to_its_cell(self) -> None:
        """Let the score fly to the cell that it makes, where row and column meet, and that light up."""
        shown = np.zeros(self.state.shape)
        shown[self.row, self._column] = 1
        score, cell = self.meeting.result, self.state.region(self.row, self._column)
        self.play(*self.meeting.gone(), *self.fade([self.cells], 0), run_time=0.3)
        self.play(self.meeting.fly(cell, self.all.places.product.cells), run_time=0.8)
        self.play(Change(score, opacity=0, remover=True), run_time=0.15)
        self.play(Change(self.state, shown=shown), *self.fade(self.rings, 0), run_time=0.3)
        self.remove(*self.rings)

    @property
    def _column(self) -> int:
        """Where the key of the written score stands."""
        return int(np.flatnonzero(self.all.places.keys == self.meeting.written.key)[0])

    def _give_the_matrix_its_room(self) -> None:
        """Take Q and Kᵀ away, and let matrix and bars grow where they were."""
        parts = self.all
        self.remove(self.cells)
        self.play(*self.fade([*parts.factors, *parts.axis_names, self.ring], 0), run_time=0.3)
        self.remove(*parts.factors, self.ring)
        moving = [self.state, *parts.chips]
        starts = [part.points.copy() for part in moving]
        parts.stand(parts.places.alone)
        moves = [Change(part, points=part.points.copy()) for part in moving]
        for part, start in zip(moving, starts, strict=True):
            part.points = start
        self.play(*moves, *self.panel.widen(parts.places.panel_alone), run_time=0.8)
        self.play(*self.fade(parts.axis_names, 1), run_time=0.3)

    def _become(self, tensor: Tensor, state: State) -> None:
        """Let another state take the place of the scores, cell by cell, and of the row in the panel."""
        order = reading_order(*tensor.shape)
        self.panel.turn(self, state, Change(tensor, shown=1, order=order), Change(self.state, shown=0, order=order))
        self.remove(self.state)
        self.state = tensor
        self.wait(0.5)

    def _light(self, row: int | None) -> list[Change]:
        """Dim all but one query; None stands for all of them."""
        lit = self._lit(row)
        return [Change(self.all.q, lit=lit[:, None]), Change(self.all.query_chips, lit=lit)]

    def _dim_rows(self, row: int | None) -> list[Change]:
        """Dim all but one row of the matrix; None stands for all of them."""
        lit = self._lit(row)
        return [Change(self.state, lit=lit[:, None]), Change(self.all.query_chips, lit=lit)]

    def _lit(self, row: int | None) -> Array:
        rows = np.arange(self.state.shape[0])
        return np.where((rows == row) | (row is None), 1.0, DIMMED)

    def _only_row(self, value: float, others: float) -> Array:
        values = np.full(self.state.shape, others)
        values[self.row] = value
        return values
