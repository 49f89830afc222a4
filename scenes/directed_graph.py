"""Clip 10: attention as a directed graph, the finale."""

from itertools import product
from typing import Any

import numpy as np
from manim import linear, smooth

from attention.function_words import FUNCTION_WORDS
from attention.text import right_to_left
from scenes.captioned_scene import CAPTION_LIMIT
from scenes.content.asking import named, question
from scenes.content.variants import what_the_first_sees
from scenes.directed_graph_parts.ring_places import ring_places
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import QUERY, VALUE
from scenes.mobjects.edge_routes import LOOP_HEIGHT
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.label import Label
from scenes.mobjects.weighted_graph import WeightedGraph, number_half, outward
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import first_fit, fit
from scenes.places.layout import Region

IN_FULL = 3  # tokens that receive one by one, at full length
ONE, OTHERS = 2.2, 3.5  # seconds for one of them, and for all others together
MARKS = (2.4, 1.8, 1.2)  # sizes of the question mark that are tried, in heroes
INWARD = (0.6, 0.8, 1.0)  # how far it is on the way from the token that asks to the middle, as tried
LOOPS = 0.5  # size of loops
ALONE, PAIR, LARGE = 3.4, 2.4, 1.5  # size of a token that is the only one, of one of two, and of one of more
STRETCHES = (1.8, 1.6, 1.4, 1.2, 1.0)  # how much more than its room a ring is asked to take; chips keep within it
FLATTEST = 4.2  # width of the ring by its height, at most
FULL_BOLD = 8  # tokens up to which edges have their full width
LEAST = 0.005  # a share that is printed as more than nothing
SUBSTANTIAL = 0.05  # a share whose number stands on its edge, beside the answer's own
BRIGHT = 2  # edges into each token that stay bright at the end
QUIET = 0.82  # opacity of edges that are not lit, by that which the graph gives them
FAINTEST = 0.04  # the least weight that is drawn, or half of an even share where that is less
NUMBERS = 6, 4  # edges of the answer that have a number, at most, in wide and in narrow frames
WEAK = 0.4  # how far the answer's other edges are lit
RINGED = 0.6  # how far the token that is followed is lit at least


class DirectedGraph(ExplainerScene):
    """All tokens on a ring receive messages along weighted edges; then the question of the film is answered."""

    stage = None
    averages = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 10."""
        self._build()
        if len(self.slots) == 1:
            self._the_only_token_is_a_graph()
        else:
            self._some_tokens_receive()
            if len(self.receivers) >= IN_FULL:
                self._the_others_receive()
            self._all_receive_at_once()
        if self.answer:
            self._the_question_is_asked_again()
            self._it_is_answered()
        self._the_graph_rests()

    @beat
    def _the_only_token_is_a_graph(self) -> None:
        self.carry_over(self.graph, self.nodes)
        self.say("Alone, a token is a graph with a single edge: a loop")
        self.play(Change(self.graph, grown=1), run_time=1.4)
        self.play(Change(self.graph, printed=1), run_time=0.5)

    @beat
    def _some_tokens_receive(self) -> None:
        self.carry_over(self.graph, self.nodes)
        said = (
            "Edges run from earlier tokens to later ones only"
            if what_the_first_sees(self.trace)
            else "Each token is a node; edges run to the one that attends",
            "More weight, a wider edge; loops are drawn at half size",
        )
        for text, place in zip(said, self.receivers, strict=False):
            self.say(text)
            self.play(*self._receive(place), run_time=ONE)

    @beat
    def _the_others_receive(self) -> None:
        self.say(what_the_first_sees(self.trace) or "Each token receives its share of every message")
        last, *others = self.receivers[IN_FULL - 1 :]
        self.play(*self._receive(last), run_time=ONE)
        for place in others:
            self.play(*self._receive(place), run_time=OTHERS / max(len(others), IN_FULL))

    @beat
    def _all_receive_at_once(self) -> None:
        self.say("In the model, all of this happens at once")
        self.graph.flow[:] = 0
        self.play(self._light(self._strongest()), Change(self.nodes, lit=1), run_time=0.8)
        self.play(Change(self.graph, flow=self.between, rate_func=linear), run_time=2.2)

    @beat
    def _the_question_is_asked_again(self) -> None:
        self.say(question(self.trace, self.followed))
        graph, own = self.graph, self.graph.only(self.asker)
        lit = (np.arange(len(self.slots)) == self.asker).astype(float)
        mark = first_fit(self._question_mark, product(MARKS, INWARD)) or self._mark_on_the_way(MARKS[-1], INWARD[-1])
        self.play(Change(graph, lit=0, shown=QUIET * (1 - own)), Change(self.nodes, lit=lit), run_time=0.5)
        self.play(*self.appear([mark]), run_time=0.4)
        self.afterwards(lambda: self._let_go(mark))

    @beat
    def _it_is_answered(self) -> None:
        graph, own = self.graph, self.graph.only(self.asker)
        graph.shown, graph.labelled = own.copy(), (own > 0) & (graph.weights >= self._least_numbered())
        graph.grown = 1 - own
        facts = [graph.fact(self.asker, place) for place in self.answer]
        kept = graph.fact(self.asker, self.asker)
        names = [named(self.trace, int(self.slots[place])) for place in self.answer]
        said = what_it_needs(names, facts)
        keeps = f"{said}; {named(self.trace, self.followed)} keeps {kept.text}"
        tries = [f"{keeps} for itself", keeps] if graph.labelled[self.asker, self.asker] else []
        longer = first_fit(lambda text: text if len(text) <= CAPTION_LIMIT else None, tries)
        self.say(longer or said, *facts, *([kept] if longer else []))
        bright = np.isin(np.arange(len(self.slots)), [self.asker, *self.answer]).astype(float)
        lit = graph.lit.copy()
        lit[self.asker] = np.maximum(bright, WEAK)
        self.play(Change(graph, grown=1), Change(self.nodes, lit=bright))
        self.play(Change(graph, printed=own, lit=lit), run_time=0.8)
        self.wait(1.0)

    @beat
    def _the_graph_rests(self) -> None:
        graph = self.graph
        if len(self.slots) > 1:
            self.say("Attention: a directed graph, weights on its edges")
            bright = self._strongest()
            bright[self.asker, self.asker] = 1
            answer = np.zeros_like(bright)
            answer[self.asker, [self.asker, *self.answer]] = 1
            self.play(Change(graph, printed=0), run_time=0.3)  # numbers lie elsewhere where other edges are seen
            graph.labelled = graph.labelled & (answer > 0)
            self.play(self._light(bright, printed=answer), Change(self.nodes, lit=1), run_time=1.0)
        self.rest(2.0)

    def _build(self) -> None:
        """Stand the chips on a ring as large as they can be read, with room for the loops outside."""
        self.number_size = self.frame.text if self.frame.wide else self.frame.small_text
        fit(self._place_ring)
        self.asker = int(np.flatnonzero(self.slots == self.followed)[0])
        self.between = 1 - np.eye(len(self.slots))
        frame = self.frame
        self.nodes = GraphNodes(self.texts, frame.stage, self.places, self.size, self.theme)
        self.graph = WeightedGraph(
            self.nodes,
            self.shown_weights,
            self.theme,
            slots=self.slots,
            field=self.weights_field,
            faintest=min(FAINTEST, 0.5 / len(self.trace)),
            number_size=frame.hero if len(self.slots) == 1 else self.number_size,
            boldness=min(1.0, (FULL_BOLD / len(self.slots)) ** 0.8),
            message=self.theme.ink(VALUE),
        )
        self.graph.grown[:], self.graph.printed[:] = 0, 0
        if len(self.slots) == 1:
            self.graph.labelled[:] = True
            self.graph.loops[:] = [0.0, 1.0]
        else:
            self.graph.loop_size[:] = self.graph.loop_room = LOOPS
            self.graph.middle, self.graph.loops = self.middle, outward(self.places, self.middle)
        self.receivers = self._in_order()
        shares = (self.graph.weights * self.between)[self.asker]
        first, second = np.argsort(-shares, kind="stable")[:2].tolist() if len(shares) > 1 else (0, 0)
        self.answer = [place for place in (first, second) if shares[place] >= max(shares[first] / 2, LEAST)]

    def _in_order(self) -> list[int]:
        """Return in which order tokens receive: two that others are drawn to, the one that is followed, the rest."""
        places = np.flatnonzero(self.slots >= 0).tolist()
        strongest = (self.graph.weights * self.between).max(axis=1)
        words = [place for place in places if self._says_something(place) and place != self.asker]
        first = sorted(sorted(words, key=lambda place: -strongest[place])[: IN_FULL - 1])
        full = [*first, self.asker]
        if what_the_first_sees(self.trace):  # it is said of the third
            full = [*dict.fromkeys([*full[-2:], places[0]])]
        return [*full, *(place for place in places if place not in full)]

    def _says_something(self, place: int) -> bool:
        token = int(self.slots[place])
        return bool(self.trace.words[token]) and self.trace.labels[token].lower() not in FUNCTION_WORDS

    def _least_numbered(self) -> float:
        """Return the least share of the token that is followed whose number has room."""
        graph, most = self.graph, NUMBERS[not self.frame.wide]
        shares = np.sort((graph.weights * (graph.strengths > 0))[self.asker])[::-1]
        told = min(float(graph.weights[self.asker, self.answer].min()), SUBSTANTIAL)
        return max(float(shares[: most + 1][-1]), told, LEAST)

    def _place_ring(self, most: int) -> bool:
        """Find the largest chips that have room on a ring, and return whether there are any."""
        self.slots = self.shown_tokens(most)
        largest = self.frame.text * {1: ALONE, 2: PAIR if self.frame.wide else LARGE}.get(len(self.slots), LARGE)
        sizes = np.linspace(largest, self.frame.smallest_text, 12).tolist()
        lengths = (9.0, 6.5, 5.0) if self.frame.wide else (6.5, 5.0, 4.0)
        return bool(first_fit(lambda tried: self._have_room(*tried), product(sizes, lengths)))

    def _have_room(self, size: float, longest: float) -> bool:
        texts, stage = ChipTexts.of(self.trace, self.slots, longest, self.followed), self.frame.stage
        halves, number = chip_halves(texts, size), number_half(self.number_size)
        loop = TALL / 2 * size * (LOOP_HEIGHT * LOOPS + 0.5)
        room = stage.middle(stage.width - 2 * loop, stage.height - 2 * (loop + number[1]))
        places = self._ring(room, halves, size)
        if places is not None and len(places) > 1:  # the loop of the token that is followed has a number
            asker = int(np.flatnonzero(self.slots == self.followed)[0])
            ends = places[asker, 0] + np.array([-1, 1]) * (halves[asker, 0] + loop + 2 * number[0])
            left, right = np.maximum([stage.left - ends[0], ends[1] - stage.right], 0).tolist()
            room = Region(room.left + left, room.bottom, room.right - right, room.top)
            places = self._ring(room, halves, size)
        if places is None or not self._leaves_the_middle(places, halves, room):
            return False
        raised = size if len(self.slots) == 1 else 0.0  # its loop stands above it
        self.texts, self.size, self.places = texts, size, places - [0.0, raised]
        self.middle = np.array(room.center)
        return True

    def _ring(self, room: Region, halves: Array, size: float) -> Array | None:
        """Return places on the widest ring that stays in a room."""
        x, backward = room.center[0], right_to_left(self.trace.sentence)
        for stretch in STRETCHES:
            half = stretch * room.width / 2
            wider = Region(x - half, room.bottom, x + half, room.top)
            places = ring_places(wider, halves, size * 0.35, FLATTEST, backward=backward)
            if places is not None and (np.abs(places[:, 0] - x) + halves[:, 0]).max() <= room.width / 2 + 1e-6:
                return places
        return None

    def _leaves_the_middle(self, places: Array, halves: Array, room: Region) -> bool:
        """Whether chips at the sides leave room for edges between them."""
        inner = np.abs(places - room.center) - halves
        sides = inner[:, 0][np.abs(places[:, 1] - room.center[1]) < room.height / 4]
        return len(places) < 3 or len(sides) == 0 or bool(sides.min() > 0.2 * room.width)

    def _strongest(self) -> Array:
        """Return which edges (n, n) are the two strongest into each token, loops left out."""
        weights = self.graph.weights * self.between * (self.graph.strengths > 0)
        ranks = np.argsort(np.argsort(-weights, axis=1, kind="stable"), axis=1)
        return ((ranks < BRIGHT) & (weights > 0)).astype(float)

    def _light(self, edges: Array, **more: Any) -> Change:
        """Light some edges (n, n), and let the others recede."""
        return Change(self.graph, lit=edges, shown=np.maximum(edges, QUIET), **more)

    def _question_mark(self, tried: tuple[float, float]) -> Label | None:
        """Return a question mark between the token that asks and the middle, None if a chip is in its way."""
        mark = self._mark_on_the_way(*tried)
        apart = np.abs(self.nodes.places - mark.get_center()[:2]) - self.nodes.halves
        clear = (apart > 0.6 * np.array([mark.width + 0.5 * mark.height, mark.height])).any(axis=1)
        return mark if clear.all() else None

    def _mark_on_the_way(self, size: float, inward: float) -> Label:
        mark = Label("?", self.theme.ink(QUERY), size * self.frame.hero, weight="BOLD", plate=self.theme.plate)
        place = self.nodes.places[self.asker]
        mark.move_to((*(place + inward * (self.graph.middle - place)), 0))
        return mark

    def _let_go(self, mark: Label) -> None:
        self.play(Change(mark, opacity=0, remover=True), Change(self.graph, shown=0), run_time=0.4)

    def _receive(self, place: int) -> list[Change]:
        """Light one token and the edges into it, and let a message run along each."""
        graph = self.graph
        graph.flow[:] = 0
        grown = graph.grown.copy()
        grown[place] = 1
        lit = np.clip(1.5 * graph.strengths[place], 0, 1)
        lit[self.asker] = max(lit[self.asker], RINGED)
        lit[place] = 1
        return [
            Change(graph, grown=grown, rate_func=first_half),
            self._light(graph.only(place), rate_func=first_half),
            Change(graph, flow=graph.only(place) * self.between, rate_func=second_half),
            Change(self.nodes, lit=lit, rate_func=first_half),
        ]


def what_it_needs(names: list[str], shares: list[Fact]) -> str:
    """Return the answer to the film's question: one or two tokens with their shares."""
    if len(set(names)) < len(names):
        return f"Above all two {names[0]}, {shares[0].text} and {shares[1].text}"
    return "Above all " + ", and ".join(f"{name}, {share.text}" for name, share in zip(names, shares, strict=True))


def first_half(alpha: float) -> float:
    """Speed up and slow down within the first half of an animation."""
    return float(smooth(min(2 * alpha, 1.0)))


def second_half(alpha: float) -> float:
    """Stand still, then move evenly from shortly before the middle of an animation."""
    return max((alpha - 0.4) / 0.6, 0.0)
