"""Clip 4: attention is tokens that exchange messages."""

from itertools import product

import numpy as np
from manim import linear
from numpy.typing import NDArray

from attention.text import right_to_left
from scenes.carrying.bending import bend
from scenes.communication_parts.questions import Questions
from scenes.communication_parts.share_bars import ShareBars, most_levels
from scenes.communication_parts.shares import shares_in_levels
from scenes.content.asking import named
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import QUERY, VALUE
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.label import LINE, Label
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import MOST_TOKENS, first_fit, fit
from scenes.places.layout import Region
from scenes.places.ring_places import ring_places

MOST_TOKENS_NARROW = 14  # in a narrow frame, so that each number stands plainly on its edge
ALL_PRINTED, MOST_PRINTED = 12, 8  # with more tokens than the first, the largest shares alone are printed
MOST_PRINTED_NARROW = 4
SMALLEST_SHARE = 0.005  # that is printed: less would be 0.00
ASKING = 1.3  # size of the asking token among the others
LARGEST = 1.8  # size of a token among others, by that of the text
ALONE = 3.6  # size of a token that is the only one
APART = 2.9, 1.3  # between the middles of two printed shares, across or down, in em
LONGEST_WAY = 1.25  # of an edge, by the distance of its ends, if numbers stand well apart
NUMBER_WIDTH = 2.8  # of a printed share with its ground, in em
WIDEST = 1.5  # how far a ring is drawn apart sideways, at most
LOOP = 0.6  # size of a loop among others, so that their edges pass it
STEPPED_BACK = 0.4  # size of a loop that has been talked about
FULL_BOLD = 14  # tokens up to which edges have their full width
FLATTEST = 3.4  # width of the ring by its height, at most: so far out lines have room for numbers
WRITTEN = 1.2  # size of what is written on bars, by that of other texts
MOST_LEVELS = 3  # bars of shares
IN_THE_AIR = 3  # questions, at most


class Communication(ExplainerScene):
    """One token asks, all answer with a share each; shares make 1; what it keeps steps back; messages flow."""

    stage = None
    averages = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 4."""
        self._build()
        self._tokens_exchange_messages()
        self._one_token_asks()
        self._each_answers_with_a_share()
        self._the_shares_make_one()
        if self.alone:
            self._all_stays_where_it_is()
        else:
            self._what_it_keeps_steps_back()
            self._the_messages_flow()

    @beat
    def _tokens_exchange_messages(self) -> None:
        self.carry_over(self.graph, self.nodes, run_time=1.6, way=bend if self.frame.wide else None)
        if not self.alone:
            self.say("Attention: tokens exchange messages")

    @beat
    def _one_token_asks(self) -> None:
        every = bool(self.trace.mask[self.followed].all())
        whom = "itself" if self.alone else "all of them, and itself" if every else "those before it, and itself"
        self.say(f"Now {named(self.trace, self.followed)} asks {whom}")
        self._step_forward()
        self._send_questions()

    @beat
    def _each_answers_with_a_share(self) -> None:
        self.say(f"{'It' if self.alone else 'Each'} answers with a share: its attention weight")
        self.play(*self.fade([self.questions], 0), run_time=0.4)
        self.remove(self.questions)
        self.play(Change(self.graph, grown=self.into), run_time=1.2)
        self.play(Change(self.graph, printed=self.into), run_time=0.8)

    @beat
    def _the_shares_make_one(self) -> None:
        self.say("Its share is all there is: 1" if self.alone else "The shares are probabilities: together they make 1")
        self._build_bars()
        apart = (self.slots == self.followed).astype(float)
        self.play(*self.fade([self.graph], 0), Change(self.nodes, shown=apart), run_time=0.4)
        self.remove(self.graph)
        self.add(self.bars.bars[0], self.nodes)
        place, sizes = self._at_the_head()
        self.play(Change(self.nodes, places=place, sizes=sizes), run_time=0.5)
        self.play(self.bars.arriving(0), run_time=1.7)
        self.play(*self.appear([self.total]), run_time=0.3)
        for level, opening in enumerate(self.bars.openings, start=1):
            self.play(*self.appear([opening]), run_time=0.3)
            self.play(self.bars.arriving(level), run_time=0.9)

    @beat
    def _what_it_keeps_steps_back(self) -> None:
        fact = self.graph.fact(self.asker, self.asker)
        self.say(f"For itself, {named(self.trace, self.followed)} keeps {fact.text}; the rest is the story", fact)
        self.play(*self.bars.pointing_out(self.followed), run_time=0.7)

    @beat
    def _all_stays_where_it_is(self) -> None:
        self.say("Here, all of it stays where it is")
        self._bring_back_the_graph()
        self.play(Change(self.graph, grown=self.into, printed=self.into), run_time=0.8)
        self.rest()

    @beat
    def _the_messages_flow(self) -> None:
        self.say("Messages flow in, share by share")
        self._bring_back_the_graph()
        loop = np.eye(len(self.slots))
        self.graph.lit = 1 - loop
        self.graph.loop_size[:] = STEPPED_BACK
        self.graph.flow[:] = 0
        flowing = Change(self.graph, grown=self.into, flow=self.into * (1 - loop), rate_func=linear)
        self.play(flowing, run_time=1.8)
        self.play(Change(self.graph, printed=self.into), run_time=0.6)
        self.say("A directed graph: each edge is a probability")
        self.rest()

    def _build(self) -> None:
        """Make the chips as large as ring and star allow, and the graph."""
        frame = self.frame
        self.region = frame.stage.middle(frame.stage.width, frame.stage.height - 0.5 * frame.text)  # for larger chips
        most = MOST_TOKENS if frame.wide else MOST_TOKENS_NARROW
        plainly = range(most, most // 2, -2)  # fewer tokens, so that numbers stand well apart
        first_fit(lambda tried: self._place_rings(tried) and self._read_plainly(), plainly) or fit(
            self._place_rings, most, fewest=4
        )
        self.into = np.zeros((len(self.slots), len(self.slots)))
        self.into[self.asker] = 1
        self.alone = not (np.delete(self.shown_weights[self.followed], self.followed) > 0).any()
        if len(self.slots) == 1:  # its loop stands above it
            self.ring[0, 1] -= self.size
            self.star = self.ring
        self.nodes, self.graph = self._make_graph()

    def _make_graph(self) -> tuple[GraphNodes, WeightedGraph]:
        """Make the chips on their ring, and the edges, none of which is shown."""
        nodes = GraphNodes(self.texts, self.region, self.ring, self.size, self.theme)
        graph = WeightedGraph(
            nodes,
            self.shown_weights,
            self.theme,
            slots=self.slots,
            field=self.weights_field,
            faintest=0.0,
            number_size=self.number_size,
            boldness=min(1.0, FULL_BOLD / len(self.slots)),
            message=self.theme.ink(VALUE),
        )
        if len(self.slots) > 1:
            graph.loop_size[:] = graph.loop_room = LOOP
        graph.shown[:] = 0
        return nodes, graph

    def _place_rings(self, most: int) -> bool:
        """Find the largest chips with room for the ring and for the star, and return whether there are any."""
        frame = self.frame
        self.slots = self.shown_tokens(most)
        self.asker = int(np.flatnonzero(self.slots == self.followed)[0])
        self.backward = right_to_left(self.trace.sentence)
        few, many = (frame.text, frame.small_text) if frame.wide else (frame.small_text, frame.smallest_text)
        self.number_size = many if len(self.slots) > ALL_PRINTED else few
        largest = frame.text * (ALONE if len(self.slots) == 1 else LARGEST)
        sizes = np.linspace(largest, frame.smallest_text, 14).tolist()
        lengths = (9.0, 6.5) if frame.wide else (6.5, 5.0, 4.0)
        return bool(first_fit(lambda tried: self._have_room(*tried), product(sizes, lengths)))

    def _read_plainly(self) -> bool:
        """Return whether edges go straight enough, and each printed share has room on its own, apart from others."""
        nodes, graph = self._make_graph()
        nodes.places, nodes.sizes = self.star, self._sizes_around()
        self._point_to_the_asker(graph)
        sources = np.flatnonzero(graph.labelled[self.asker]).tolist()
        found = [graph.number_at(self.asker, source) for source in sources]
        if not all(found) or any(
            _detour(edge.line) > LONGEST_WAY for edge in graph.edges() if edge.source != edge.target
        ):
            return False
        places = np.array(found, dtype=float).reshape(-1, 2)
        close = np.abs(places[:, None] - places) < np.array(APART) * self.number_size
        return bool((close.all(axis=-1) == np.eye(len(places), dtype=bool)).all())

    def _sizes_around(self) -> Array:
        """Return the chips' sizes (n,) with the asker among the others."""
        sizes = np.full(len(self.slots), self.size)
        sizes[self.asker] *= ASKING if len(self.slots) > 1 else 1
        return sizes

    def _point_to_the_asker(self, graph: WeightedGraph) -> None:
        """Show the edges into the asker, with its loop where it stood on the ring."""
        outward = self.ring[self.asker] - self.star[self.asker]
        graph.loops[self.asker] = outward if outward.any() else [0.0, 1.0]
        graph.labelled = self._printed(graph)
        graph.shown = graph.only(self.asker)

    def _have_room(self, size: float, longest: float) -> bool:
        self.texts, self.size = ChipTexts.of(self.trace, self.slots, longest, self.followed), size
        ring = ring_places(self.region, self._taken(), size * 0.3, FLATTEST, backward=self.backward)
        star = self._star()
        if ring is None or star is None:
            return False
        self.ring, self.star = self._spread(ring), self._spread(star)
        return True

    def _spread(self, places: Array) -> Array:
        """Return places (n, 2) drawn apart sideways until the chips take the whole width."""
        x, half, region = places[:, 0] - self.region.center[0], chip_halves(self.texts, self.size)[:, 0], self.region
        beside = np.abs(x) > 1e-6
        wider = np.min((region.width / 2 - half[beside]) / np.abs(x[beside]), initial=WIDEST)
        return np.column_stack([region.center[0] + x * max(wider, 1.0), places[:, 1]])

    def _star(self) -> Array | None:
        """Return the places (n, 2) around the asker, with room for its loop where it was; None if they do not fit."""
        halves, taken, asker = chip_halves(self.texts, self.size), self._taken(), self.asker
        largest = taken.max(axis=0)
        loop = np.array([2.6, 1.6 if self.frame.wide else 2.4])
        taken[asker] = np.maximum(taken[asker], loop * self.size)
        x, y = 2 * (taken.max(axis=0) - largest)  # only the asker would stand so far out, and it does not
        here = self.region
        region = Region(here.left - x, here.bottom - y, here.right + x, here.top + y)
        places = ring_places(region, taken, self.size * 0.3, FLATTEST, backward=self.backward)
        if places is None:
            return None
        apart = np.abs(places - self.region.center) - halves - halves[asker] * ASKING
        number = np.array([NUMBER_WIDTH, 1.2]) * self.number_size
        free = (apart - number).max(axis=1) > 0.8 * self.size
        free[asker] = True
        places[asker] = self.region.center
        return places if free.all() else None

    def _taken(self) -> Array:
        """Return half of the room that each chip takes with its number, (n, 2)."""
        taken = chip_halves(self.texts, self.size)
        taken[:, 0] = np.maximum(taken[:, 0], NUMBER_WIDTH / 2 * self.number_size)
        return taken

    def _step_forward(self) -> None:
        """Move the token into the middle; the others make room for its loop."""
        allowed = self.trace.mask[self.followed][self.slots] & (self.slots >= 0)
        sizes = self._sizes_around()
        self.play(Change(self.nodes, places=self.star, sizes=sizes, lit=allowed), run_time=1.0)
        self._point_to_the_asker(self.graph)
        self.graph.grown[:], self.graph.printed[:] = 0, 0

    def _send_questions(self) -> None:
        self.questions = questions = Questions(
            self.graph, self.asker, self.size * 1.2, self.frame.smallest_text, self.theme.ink(QUERY)
        )
        overlap = IN_THE_AIR / (len(questions.progress) + IN_THE_AIR - 1)
        self.play(Change(questions, progress=1, order=questions.turns, overlap=overlap), run_time=1.8)

    def _build_bars(self) -> None:
        """Make the bars of shares, whose pieces come from the edges, and what they make."""
        row, frame, weights = f"{self.weights_field}[{self.followed}", self.frame, self.shown_weights[self.followed]
        names = dict(zip(self.slots.tolist(), self.texts.labels, strict=True))
        names.pop(-1, None)
        self.heading, region = frame.stage.cut_top(LINE * frame.hero, frame.text * 0.6)
        size = WRITTEN * (frame.text if frame.wide else frame.small_text)
        most = min(most_levels(region, size), MOST_LEVELS)
        levels = shares_in_levels(row, weights, names, self.followed, (region.width, size), most)
        places = {int(token): place for place, token in enumerate(self.slots) if token >= 0}
        self.bars = ShareBars(
            levels,
            region,
            size,
            self.theme,
            frame.stage,
            lambda token: self.graph.number_at(self.asker, places[token]),
        )
        total = Fact(f"sum({row}])", float(weights.sum(dtype=float)))
        self.total = Label([("sum", self.theme.quiet), (total, self.theme.text)], self.theme.text, frame.text, MONO)
        self.total.move_to((self.heading.right - self.total.width / 2, self.heading.center[1], 0))

    def _at_the_head(self) -> tuple[Array, Array]:
        """Return places and sizes of the chips with the asker over the beginning of the bars, whose shares they are."""
        halves = chip_halves(self.texts, 1.0)[self.asker]
        room = self.heading.width - self.total.width - self.frame.text
        size = min(self.heading.height / 2 / halves[1], room / 2 / halves[0])
        places, sizes = self.nodes.places.copy(), self.nodes.sizes.copy()
        places[self.asker] = self.heading.left + halves[0] * size, self.heading.center[1]
        sizes[self.asker] = size
        return places, sizes

    def _bring_back_the_graph(self) -> None:
        """Take the bars away, and let the chips stand where they stood around the asker."""
        self.play(*self.fade([*self.bars.parts, self.total], 0), run_time=0.3)
        self.remove(*self.bars.parts, self.total)
        self.play(Change(self.nodes, places=self.star, sizes=self._sizes_around()), run_time=0.6)
        self.play(Change(self.nodes, shown=1), run_time=0.3)
        self.graph.grown[:], self.graph.printed[:] = 0, 0
        self.add(self.graph.set_opacity(1), self.nodes)

    def _printed(self, graph: WeightedGraph) -> NDArray[np.bool_]:
        """Return which edges (n, n) have their share printed: those into the asker, or the largest of them."""
        row = graph.weights[self.asker]
        most = len(row)
        if most > ALL_PRINTED:
            most = MOST_PRINTED if self.frame.wide else MOST_PRINTED_NARROW
        printed = np.zeros(graph.weights.shape, dtype=bool)
        printed[self.asker, np.argsort(-row)[:most]] = True
        return printed & (graph.weights >= SMALLEST_SHARE) & (graph.strengths > 0)


def _detour(line: Array) -> float:
    """Return how long a line (k, 2) is by the distance of its ends."""
    return float(np.hypot(*np.diff(line, axis=0).T).sum() / max(float(np.hypot(*(line[-1] - line[0]))), 1e-9))
