"""Clip 4: attention is tokens that exchange messages."""

import numpy as np
from manim import linear
from numpy.typing import NDArray

from scenes.communication_parts.questions import Questions
from scenes.communication_parts.share_bar import ShareBar
from scenes.content.focus import over_even
from scenes.content.looking_back import FIRST_LOOKS_AT_ITSELF
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import QUERY, VALUE
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.label import Label
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import MOST_TOKENS, fit
from scenes.places.layout import Region, visible_slots
from scenes.places.ring_places import ring_places

MOST_TOKENS_TALL = 14  # in a tall frame, so that each number stands plainly at its token
ALL_PRINTED, MOST_PRINTED = 12, 8  # with more tokens than the first, the largest shares alone are printed
MOST_PRINTED_NARROW = 4
SMALLEST_SHARE = 0.005  # that is printed: less would be 0.00
ASKING = 1.3  # size of the asking token among the others
NUMBER_WIDTH = 2.6  # of a printed share, in em
DIMMED = 0.25


class Communication(ExplainerScene):
    """One token asks, the others and itself answer with a share each; shares make 1; then the next token asks."""

    stage = "weights"
    averages = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 4."""
        self._build()
        self._tokens_exchange_messages()
        self._one_token_asks()
        self._each_answers_with_a_share()
        self._the_shares_make_one()
        self._the_messages_flow()
        if len(self.askers) > 1:
            self._the_next_token_asks()
        self._the_graph_rests()

    @beat
    def _tokens_exchange_messages(self) -> None:
        self.nodes.set_opacity(0)
        self.add(self.graph, self.nodes)
        self.play(Change(self.nodes, opacity=1), run_time=0.5)
        self.say("Attention: tokens exchange messages")
        self.wait(1.0)

    @beat
    def _one_token_asks(self) -> None:
        self.say(self._whom_it_asks())
        self._step_forward(self.askers[0])
        self._send_questions()

    @beat
    def _each_answers_with_a_share(self) -> None:
        self.say("Each answers with a share: its attention weight")
        self._answer(run_time=2.0)
        self.wait(1.0)

    @beat
    def _the_shares_make_one(self) -> None:
        self.say("The shares are probabilities: together they make 1")
        self._lay_end_to_end(run_time=2.2)
        self.wait(1.0)

    @beat
    def _the_messages_flow(self) -> None:
        self.say("Messages flow to the token that asks, share by share")
        self._flow()
        self.wait(0.4)

    @beat
    def _the_next_token_asks(self) -> None:
        self.say("Then the next token asks, and gets other shares")
        self._step_back()
        self._step_forward(self.askers[1])
        self._send_questions()
        self._answer(run_time=1.2)
        self._lay_end_to_end(run_time=1.2)
        self._flow()

    @beat
    def _the_graph_rests(self) -> None:
        self.say("A directed graph with a probability on each edge")
        self.rest()

    def _whom_it_asks(self) -> str:
        if not self.trace.causal:
            return "One token asks all of them, and itself"
        return FIRST_LOOKS_AT_ITSELF if self.askers[0] == 0 else "One token asks those before it, and itself"

    def _pick_askers(self, most: int) -> None:
        """Choose which visible tokens ask: last the word that attends most to another, first the token before it."""
        self.slots = visible_slots(len(self.trace), most)
        shown = np.flatnonzero(self.slots >= 0)
        weights = over_even(self.trace, self.shown_weights)[np.ix_(self.slots[shown], self.slots[shown])]
        np.fill_diagonal(weights, -1)
        words = self.trace.words[self.slots[shown]]
        if words.sum() > 1:
            weights[~words], weights[:, ~words] = -1, -1
        if len(shown) > 1:
            weights[0] = -2  # it has none before it
        last = int(np.unravel_index(weights.argmax(), weights.shape)[0])
        self.askers = [int(shown[place]) for place in range(max(last - 1, 0), last + 1)]

    def _build(self) -> None:
        """Make the chips as large as the graphs of all askers allow, and the graph."""
        frame = self.frame
        foot, self.region = frame.stage.cut_bottom(frame.text * (1.1 if frame.wide else 2.8), frame.text * 0.4)
        self._place_foot(foot)
        fit(self._place_rings, MOST_TOKENS_TALL if frame.height > frame.width else MOST_TOKENS, fewest=4)
        self.nodes = GraphNodes(self.texts, self.region, self.rings[None], self.size, self.theme)
        self.graph = WeightedGraph(
            self.nodes,
            self.shown_weights,
            self.theme,
            slots=self.slots,
            field=self.weights_field,
            faintest=2 * SMALLEST_SHARE,
            palest=0.4,
            number_size=self.number_size,
            message=self.theme.ink(VALUE),
        )
        self.graph.shown[:] = 0

    def _place_rings(self, most: int) -> bool:
        """Find the largest chips with room for the graphs of all askers, and return whether there are any."""
        frame = self.frame
        self._pick_askers(most)
        crowded = len(self.slots) > ALL_PRINTED
        self.number_size = frame.smallest_text if crowded or not frame.wide else frame.small_text
        if frame.height > frame.width:
            self.number_size = frame.smallest_number * 1.1
        for size in np.linspace(frame.text * 1.3, frame.smallest_text, 14):
            for longest in (9.0, 6.5) if frame.wide else (6.5, 5.0, 4.0):
                self.texts, self.size = ChipTexts.of(self.trace, self.slots, longest), float(size)
                rings = {asker: self._ring(asker) for asker in (None, *self.askers)}
                self.rings = {asker: ring for asker, ring in rings.items() if ring is not None}
                if len(self.rings) == len(rings):
                    return True
        return False

    def _ring(self, asker: int | None) -> Array | None:
        """Return the places (n, 2) around the asker, with room for its loop where it was; None if they do not fit."""
        halves = chip_halves(self.texts, self.size)
        taken = halves.copy()
        taken[:, 0] = np.maximum(taken[:, 0], NUMBER_WIDTH / 2 * self.number_size)
        if asker is not None:
            taken[asker] = np.maximum(taken[asker], [2.6 * self.size, (1.6 if self.frame.wide else 2.4) * self.size])
        places = ring_places(self.region, taken, self.size * 0.3, 2.4)
        if places is None or asker is None:
            return places
        apart = np.abs(places - self.region.center) - halves - halves[asker] * ASKING
        number = np.array([NUMBER_WIDTH, 1.0]) * self.number_size
        free = (apart - number).max(axis=1) > 1.0 * self.size
        free[asker] = True
        return places if free.all() else None

    def _place_foot(self, foot: Region) -> None:
        """Find the places of the bar of shares, of its sum, and of what is not printed."""
        gap = self.frame.text * 0.6
        if self.frame.wide:
            self.rest_region, right = foot.cut_left(foot.width * 0.22, gap)
            self.bar_region, self.sum_region = right.cut_left(foot.width * 0.56 - gap, gap)
        else:
            below, self.rest_region = foot.cut_bottom(foot.height / 2)
            self.bar_region, self.sum_region = below.cut_left(foot.width * 0.7, gap)

    def _step_forward(self, asker: int) -> None:
        """Move a token into the middle; the others make room for its loop."""
        self.asker = asker
        ring = self.rings[asker]
        places, sizes = ring.copy(), np.full(len(self.slots), self.size)
        places[asker], sizes[asker] = self.region.center, self.size * ASKING
        allowed = self.trace.mask[self.slots[asker]][self.slots] & (self.slots >= 0)
        self.play(Change(self.nodes, places=places, sizes=sizes, lit=np.where(allowed, 1.0, DIMMED)), run_time=1.0)
        graph = self.graph
        graph.loops[asker] = ring[asker] - self.region.center
        graph.labelled = self._printed(asker)
        graph.grown, graph.printed = np.zeros_like(graph.grown), np.zeros_like(graph.printed)
        graph.flow = np.zeros_like(graph.flow)
        graph.shown = graph.only(asker)

    def _step_back(self) -> None:
        """Take the edges away and let the asker return to its place."""
        self.play(*(Change(part, opacity=0) for part in self.foot), Change(self.graph, opacity=0), run_time=0.5)
        self.remove(*self.foot)
        self.graph.shown[:] = 0
        self.graph.set_opacity(1)
        self.play(Change(self.nodes, places=self.rings[None], sizes=self.size, lit=1), run_time=0.7)

    def _send_questions(self) -> None:
        questions = Questions(self.graph, self.asker, self.size * 1.2, self.theme.ink(QUERY))
        self.play(
            Change(questions, progress=1, rate_func=linear),
            Change(questions, opacity=0, rate_func=lambda alpha: float(np.clip(8 * alpha - 7, 0, 1))),
            run_time=1.4,
        )
        self.remove(questions)

    def _answer(self, run_time: float) -> None:
        graph = self.graph
        self.play(Change(graph, grown=graph.only(self.asker)), run_time=run_time * 0.6)
        self.play(Change(graph, printed=graph.only(self.asker)), run_time=run_time * 0.4)

    def _flow(self) -> None:
        flow = self.graph.only(self.asker)
        self.graph.flow[:] = 0
        self.play(Change(self.graph, flow=flow, rate_func=linear), run_time=1.6)

    def _lay_end_to_end(self, run_time: float) -> None:
        """Fill the bar with the shares, then name their sum and what is not printed."""
        row, asker = f"{self.weights_field}[{self.slots[self.asker]}", self.slots[self.asker]
        weights = self.shown_weights[asker]
        shares = [Fact(f"{row}, {key}]", float(share)) for key, share in enumerate(weights)]
        bar = ShareBar(shares, self.bar_region.width, self.frame.text, self.theme)
        bar.move_to((*self.bar_region.center, 0))
        total = self._note("sum", Fact(f"sum({row}])", float(weights.sum(dtype=float))), self.sum_region)
        self.foot: list[DrawnMobject] = [bar, total]
        left_out = self._left_out()
        if len(left_out):
            name = "1 other" if len(left_out) == 1 else f"{len(left_out)} others"
            rest = Fact(f"sum({row}][{left_out.tolist()}])", float(weights[left_out].sum(dtype=float)))
            self.foot.append(self._note(name, rest, self.rest_region))
        self.add(*(part.set_opacity(0) for part in self.foot))
        self.play(Change(bar, opacity=1), *(Change(part, opacity=1) for part in self.foot[2:]), run_time=run_time * 0.2)
        order = np.linspace(0, 1, len(shares))
        self.play(Change(bar, filled=1, order=order), run_time=run_time * 0.6)
        self.play(Change(total, opacity=1), run_time=run_time * 0.2)

    def _note(self, name: str, fact: Fact, region: Region) -> Label:
        label = Label([(name, self.theme.quiet), (fact, self.theme.text)], self.theme.text, self.frame.small_text, MONO)
        label.move_to((*region.center, 0))
        return label

    def _printed(self, asker: int) -> NDArray[np.bool_]:
        """Return which edges (n, n) have their share printed: those into the asker, or the largest of them."""
        row = self.graph.weights[asker]
        most = len(row)
        if most > ALL_PRINTED:
            most = MOST_PRINTED if self.frame.wide else MOST_PRINTED_NARROW
        printed = np.zeros(self.graph.weights.shape, dtype=bool)
        printed[asker, np.argsort(-row)[:most]] = True
        return printed & (self.graph.weights >= SMALLEST_SHARE) & (self.graph.strengths > 0)

    def _left_out(self) -> NDArray[np.int64]:
        """Return the tokens whose share is not printed, though they may answer."""
        printed = self.slots[self.graph.labelled[self.asker]]
        allowed = np.flatnonzero(self.trace.mask[self.slots[self.asker]])
        return np.setdiff1d(allowed, printed)
