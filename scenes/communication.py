"""Clip 4: attention is tokens that exchange messages."""

from dataclasses import replace
from itertools import product

import numpy as np
from manim import linear
from numpy.typing import NDArray

from attention.text import right_to_left
from scenes.carrying.bending import bend
from scenes.communication_parts.questions import Questions
from scenes.communication_parts.share_bar import BAR_HEIGHT, WHOLE_HEIGHT, ShareBar
from scenes.communication_parts.shares import largest_shares
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

MOST_TOKENS_TALL = 14  # in a tall frame, so that each number stands plainly on its edge
ALL_PRINTED, MOST_PRINTED = 12, 8  # with more tokens than the first, the largest shares alone are printed
MOST_PRINTED_NARROW = 4
SMALLEST_SHARE = 0.005  # that is printed: less would be 0.00
ASKING = 1.3  # size of the asking token among the others
ALONE = 2.9  # size of a token that is the only one
NUMBER_WIDTH = 2.8  # of a printed share with its ground, in em
LOOP = 0.6  # size of a loop among others, so that their edges pass it
STEPPED_BACK = 0.4  # size of a loop that has been talked about
FULL_BOLD = 14  # tokens up to which edges have their full width
FLATTEST = 3.4  # width of the ring by its height, at most: so far out lines have room for numbers
SUM_WIDTH = 6.0  # of the sum at the end of the bar, in em


class Communication(ExplainerScene):
    """One token asks, the others and itself answer with a share each; shares make 1; what it keeps steps back."""

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
        self._the_graph_rests()

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
        self.play(Change(self.graph, grown=self.into), run_time=1.2)
        self.play(Change(self.graph, printed=self.into), run_time=0.8)

    @beat
    def _the_shares_make_one(self) -> None:
        self.say("Its share is all there is: 1" if self.alone else "The shares are probabilities: together they make 1")
        self._build_bar()
        self.add(self.bar, self.graph, self.nodes)
        self.play(Change(self.graph, printed=0), run_time=0.4)
        self.play(Change(self.bar, arrived=1, order=self.falls, overlap=0.35), run_time=2.4)
        self.play(*self.appear([self.total]), run_time=0.4)
        self.wait(0.6)

    @beat
    def _what_it_keeps_steps_back(self) -> None:
        fact = self.graph.fact(self.asker, self.asker)
        self.say(f"For itself, {named(self.trace, self.followed)} keeps {fact.text}; the rest is the story", fact)
        own = (self.tokens == self.followed).astype(float)
        loop = np.eye(len(self.slots))
        self.play(Change(self.bar, lit=own), Change(self.graph, lit=loop), run_time=0.7)
        self.wait(1.0)
        self.play(
            Change(self.bar, lit=1 - own),
            Change(self.graph, lit=1 - loop, loop_size=STEPPED_BACK),
            run_time=1.0,
        )

    @beat
    def _all_stays_where_it_is(self) -> None:
        self.say("Here, all of it stays where it is")

    @beat
    def _the_messages_flow(self) -> None:
        self.say("Messages flow to the token that asks, share by share")
        self.graph.flow[:] = 0
        self.play(Change(self.graph, flow=self.into * (1 - np.eye(len(self.slots))), rate_func=linear), run_time=1.8)

    @beat
    def _the_graph_rests(self) -> None:
        if not self.alone:
            self.say("A directed graph: each edge is a probability")
        self.play(Change(self.graph, printed=self.into), run_time=0.6)
        self.rest()

    def _build(self) -> None:
        """Make the chips as large as ring and star allow, and the graph."""
        frame = self.frame
        size = frame.small_text
        sum_below = LINE * size if frame.tall else 0.0
        foot, above = frame.stage.cut_bottom(WHOLE_HEIGHT * size + sum_below, frame.text * 0.7)
        self.region = above.middle(above.width, above.height - 0.5 * frame.text)  # chips come that are larger
        if frame.tall:
            self.sum_region, self.bar_region = foot.cut_bottom(sum_below)
        else:
            self.bar_region, self.sum_region = foot.cut_left(foot.width - SUM_WIDTH * size)
        fit(self._place_rings, MOST_TOKENS_TALL if frame.tall else MOST_TOKENS, fewest=4)
        self.into = np.zeros((len(self.slots), len(self.slots)))
        self.into[self.asker] = 1
        self.alone = not (np.delete(self.shown_weights[self.followed], self.followed) > 0).any()
        if len(self.slots) == 1:  # its loop stands above it
            self.ring[0, 1] -= self.size
            self.star = self.ring
        self.nodes = GraphNodes(self.texts, self.region, self.ring, self.size, self.theme)
        self.graph = WeightedGraph(
            self.nodes,
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
            self.graph.loop_size[:] = self.graph.loop_room = LOOP
        self.graph.shown[:] = 0

    def _place_rings(self, most: int) -> bool:
        """Find the largest chips with room for the ring and for the star, and return whether there are any."""
        frame = self.frame
        self.slots = self.shown_tokens(most)
        self.asker = int(np.flatnonzero(self.slots == self.followed)[0])
        self.backward = right_to_left(self.trace.sentence)
        self.number_size = frame.smallest_text if len(self.slots) > ALL_PRINTED else frame.small_text
        largest = frame.text * (ALONE if len(self.slots) == 1 else 1.4)
        sizes = np.linspace(largest, frame.smallest_text, 14).tolist()
        lengths = (9.0, 6.5) if frame.wide else (6.5, 5.0, 4.0)
        return bool(first_fit(lambda tried: self._have_room(*tried), product(sizes, lengths)))

    def _have_room(self, size: float, longest: float) -> bool:
        self.texts, self.size = ChipTexts.of(self.trace, self.slots, longest, self.followed), size
        ring = ring_places(self.region, self._taken(), size * 0.3, FLATTEST, backward=self.backward)
        star = self._star()
        if ring is None or star is None:
            return False
        self.ring, self.star = ring, star
        return True

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
        asker, graph = self.asker, self.graph
        outward = self.ring[asker] - self.star[asker]
        allowed = self.trace.mask[self.followed][self.slots] & (self.slots >= 0)
        sizes = self.nodes.sizes * np.where(np.arange(len(self.slots)) == asker, 1 if self.alone else ASKING, 1)
        self.play(Change(self.nodes, places=self.star, sizes=sizes, lit=allowed), run_time=1.0)
        graph.loops[asker] = outward if outward.any() else [0.0, 1.0]
        graph.labelled = self._printed()
        graph.grown[:], graph.printed[:] = 0, 0
        graph.shown = self.into.copy()

    def _send_questions(self) -> None:
        questions = Questions(self.graph, self.asker, self.size * 1.2, self.theme.ink(QUERY))
        self.play(
            Change(questions, progress=1, rate_func=linear),
            Change(questions, opacity=0, rate_func=lambda alpha: float(np.clip(4 * alpha - 3, 0, 1))),
            run_time=1.4,
        )
        self.remove(questions)

    def _build_bar(self) -> None:
        """Make the bar of shares, whose pieces come from the edges, and their sum."""
        row, size = f"{self.weights_field}[{self.followed}", self.frame.small_text
        weights = self.shown_weights[self.followed]
        names = dict(zip(self.slots.tolist(), self.texts.labels, strict=True))
        names.pop(-1, None)
        pieces, tokens = largest_shares(row, weights, names, self.followed, self.bar_region.width, size)
        places = {int(token): place for place, token in enumerate(self.slots) if token >= 0}
        origins = [self.graph.number_at(self.asker, places[token]) if token >= 0 else None for token in tokens]
        pieces = [replace(piece, origin=origin) for piece, origin in zip(pieces, origins, strict=True)]
        self.tokens = np.array(tokens)
        self.bar = ShareBar(pieces, self.frame.stage, self.bar_region, size, self.theme)
        self.bar.arrived[:] = 0
        heights = [origin[1] if origin else np.inf for origin in origins]
        self.falls = np.argsort(np.argsort(heights)) / max(len(heights) - 1, 1)
        total = Fact(f"sum({row}])", float(weights.sum(dtype=float)))
        self.total = Label([("sum", self.theme.quiet), (total, self.theme.text)], self.theme.text, size, MONO)
        bar = self.bar_region
        y = self.sum_region.center[1] if self.frame.tall else bar.top - BAR_HEIGHT / 2 * size
        self.total.move_to((self.sum_region.center[0], y, 0))

    def _printed(self) -> NDArray[np.bool_]:
        """Return which edges (n, n) have their share printed: those into the asker, or the largest of them."""
        row = self.graph.weights[self.asker]
        most = len(row)
        if most > ALL_PRINTED:
            most = MOST_PRINTED if self.frame.wide else MOST_PRINTED_NARROW
        printed = np.zeros(self.graph.weights.shape, dtype=bool)
        printed[self.asker, np.argsort(-row)[:most]] = True
        return printed & (self.graph.weights >= SMALLEST_SHARE) & (self.graph.strengths > 0)
