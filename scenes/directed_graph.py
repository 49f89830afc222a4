"""Clip 10: attention as a directed graph, the finale."""

from typing import Any

import numpy as np
from manim import linear

from attention.function_words import FUNCTION_WORDS
from attention.text import right_to_left
from scenes.captioned_scene import CAPTION_LIMIT, caption_length
from scenes.content.asking import named, question
from scenes.content.variants import what_the_first_sees
from scenes.directed_graph_parts.answer import LEAST, the_rest, what_it_needs
from scenes.directed_graph_parts.ring import LOOPS, place_ring
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import QUERY, VALUE
from scenes.mobjects.edge_routes import Chips, Router, boxes_around
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label
from scenes.mobjects.straight_router import StraightRouter
from scenes.mobjects.weighted_graph import WeightedGraph, number_half, outward
from scenes.places.fitting import first_fit
from scenes.words import N_, _

IN_FULL = 3  # tokens that receive one by one, at full length
ONE, OTHERS = 1.4, 3.5  # seconds for one of them, and for all others together
STRONGEST = 2  # edges into each token that are drawn
FULL_BOLD = 14  # tokens up to which edges have their full width
MARK = 1.6  # size of the question mark, by that of the token that asks
RINGED = 0.6  # how far the token that is followed is lit at least
BEHIND = 0.15  # how far the edges behind the answer are lit
UNSEEN = 1e-6  # opacity of edges that have their room beside the others, and are drawn by another graph
WIDTHS = N_("More weight, a wider edge; loops are drawn at half size")


class DirectedGraph(ExplainerScene):
    """All tokens on a ring receive messages along weighted edges; then the question of the film is answered."""

    stage = None
    averages = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 10."""
        self._build()
        if len(self.ring.slots) == 1:
            self._the_only_token_is_a_graph()
        else:
            self._some_tokens_receive()
            if len(self.receivers) >= IN_FULL:
                self._the_others_receive()
            self._all_receive_at_once()
        if self.ring.told:
            self._the_question_is_asked_again()
            self._it_is_answered()
        self._the_graph_rests()

    def tell_in_short(self) -> None:
        """Answer the question, and rest on the graph."""
        self._build()
        if len(self.ring.slots) == 1:
            self._the_only_token_is_a_graph()
        else:
            self._the_tokens_come_back()
        if self.ring.told:
            self._it_is_answered()
        self.graph.grown[:] = 1
        self._the_graph_rests()

    @beat
    def _the_tokens_come_back(self) -> None:
        if self.ring.told:
            self.nodes.places, self.nodes.sizes = self.ring.around, self.ring.sizes
            self.nodes.lit = self._lit([self.ring.asker])
        self.carry_over(self.nodes, said=question(self.trace, self.followed))

    @beat
    def _the_only_token_is_a_graph(self) -> None:
        self.carry_over(self.graph, self.nodes)
        self.say(_("Alone, a token is a graph with a single edge: a loop"))
        self.play(Change(self.graph, grown=1), run_time=1.4)
        self.play(Change(self.graph, printed=1), run_time=0.5)

    @beat
    def _some_tokens_receive(self) -> None:
        self.carry_over(self.graph, self.nodes)
        onward = _("Edges run from earlier tokens to later ones only")
        among_all = _("Each token is a node; edges run to the one that attends")
        said = onward if what_the_first_sees(self.trace) else among_all, self._what_is_drawn()
        for text, place in zip(said, self.receivers, strict=False):
            self.say(text)
            self.play(*self._receive(place), run_time=ONE)

    @beat
    def _the_others_receive(self) -> None:
        last, *others = self.receivers[IN_FULL - 1 :]
        first = what_the_first_sees(self.trace)
        self.say(first or _(WIDTHS))
        self.play(*self._receive(last), run_time=ONE)
        if first:
            self.say(_(WIDTHS))
        for place in others:
            self.play(*self._receive(place), run_time=OTHERS / max(len(others), IN_FULL))

    @beat
    def _all_receive_at_once(self) -> None:
        self.say(_("All receive at once; each dot is a value on its way"))
        self.play(self._light(self.widest), Change(self.nodes, lit=1), run_time=0.8)
        self.play(Change(self.graph, flow=self.between, rate_func=linear), run_time=2.2)

    @beat
    def _the_question_is_asked_again(self) -> None:
        self.say(question(self.trace, self.followed))
        alone = self._lit([self.ring.asker])
        self.play(Change(self.graph, opacity=0, remover=True), Change(self.nodes, lit=alone), run_time=0.5)
        self.play(Change(self.nodes, places=self.ring.around, sizes=self.ring.sizes), run_time=1.0)
        mark = self._question_mark()
        self.play(*self.appear([mark]), run_time=0.4)
        self.afterwards(lambda: self.play(Change(mark, opacity=0, remover=True), run_time=0.4))

    @beat
    def _it_is_answered(self) -> None:
        answer, own = self.answer, self.answer.only(self.ring.asker)
        self.say(_("The largest shares that {token} takes", token=named(self.trace, self.followed)))
        answer.grown[:], answer.printed[:] = 0, 0
        self.add(answer, self.nodes)
        lit = np.maximum(self._lit([self.ring.asker]), answer.labelled[self.ring.asker])
        self.play(Change(answer, grown=own), Change(self.nodes, lit=lit), run_time=1.2)
        self.play(Change(answer, printed=own), run_time=0.8)
        self._say_the_answer()
        if self.others:
            token, share = named(self.trace, self.followed), self.others.text
            self.say(_("All others together give {token} {share}", token=token, share=share), self.others)
            self.play(Change(self.nodes, lit=1), run_time=0.6)
            self.afterwards(lambda: self.play(Change(self.nodes, lit=lit), run_time=0.4))

    @beat
    def _the_graph_rests(self) -> None:
        if len(self.ring.slots) > 1:
            self.say(_("Attention: a directed graph, weights on its edges"))
            self._make_way_for_the_answer()
            self.graph.lit = BEHIND * self.widest
            self.add(self.graph.set_opacity(0), self.answer, self.nodes)
            self.play(Change(self.graph, opacity=1), run_time=1.0)
        self.rest(2.0)

    def _build(self) -> None:
        """Stand the chips on their ring, with all edges of the graph, and those of the answer around its middle."""
        self.ring = ring = place_ring(self.trace, self.shown_weights, self.frame, self.followed, self.shown_tokens)
        self.between = 1 - np.eye(len(ring.slots))
        self.nodes = GraphNodes(ring.texts, self.frame.stage, ring.places, ring.size, self.theme)
        self.router = Router()
        self.graph = self._make_graph(
            router=self.router, strongest=STRONGEST, boldness=min(1.0, (FULL_BOLD / len(ring.slots)) ** 0.5)
        )
        self.graph.labelled[:] = len(ring.slots) == 1
        if len(ring.slots) > 1:
            self.graph.loop_size[:] = self.graph.loop_room = LOOPS
        strengths = self.graph.strengths * self.between
        self.widest = ((strengths > 0) & (strengths == strengths.max(axis=1, keepdims=True))).astype(float)
        self.leaves_out = bool(((self.graph.weights * self.between >= LEAST) & (self.graph.strengths == 0)).any())
        self.receivers = self._in_order()
        router = StraightRouter() if len(ring.slots) > 2 else None
        self.answer = self._make_graph(faintest=0.0, boldness=ring.larger, router=router)
        self.others = self._answer_inside()
        self.graph.grown[:], self.graph.printed[:] = 0, 0

    def _make_graph(self, **more: Any) -> WeightedGraph:
        """Return edges between the chips as they stand."""
        graph = WeightedGraph(
            self.nodes,
            self.shown_weights,
            self.theme,
            slots=self.ring.slots,
            field=self.weights_field,
            number_size=self.ring.number_size,
            message=self.theme.ink(VALUE),
            **more,
        )
        graph.middle, graph.loops = self.ring.middle, outward(self.ring.places, self.ring.middle)
        if len(self.ring.slots) < 3:
            graph.loops[:] = [0.0, 1.0]
        return graph

    def _answer_inside(self) -> Fact | None:
        """Show the edges whose shares are told, and return what all others give, if there are any."""
        ring, answer, nodes = self.ring, self.answer, self.nodes
        nodes.places, nodes.sizes = ring.around, ring.sizes
        answer.middle, answer.loops[ring.asker] = ring.inside.place, ring.inside.loop
        answer.loop_size[:] = answer.loop_room = LOOPS
        answer.labelled[ring.asker, [ring.asker, *ring.told]] = True
        answer.labelled &= answer.weights >= LEAST
        answer.shown = answer.labelled.astype(float)
        numbered = [answer.number_at(ring.asker, place) is not None for place in range(len(ring.slots))]
        answer.labelled &= np.array(numbered)
        answer.shown = answer.labelled.astype(float)
        told = [answer.fact(ring.asker, place) for place in np.flatnonzero(answer.labelled[ring.asker]).tolist()]
        nodes.places, nodes.sizes = ring.places, np.full_like(ring.sizes, ring.size)
        return the_rest(f"{self.weights_field}[{self.followed}", self.shown_weights[self.followed], told)

    def _make_way_for_the_answer(self) -> None:
        """Show the widest edge into each other token, beside the edges of the answer and clear of its numbers."""
        graph, answer, asker = self.graph, self.answer, self.ring.asker
        numbers = [at for edge in answer.edges() if (at := answer.number_at(asker, edge.source))]
        half = number_half(answer.number_size)
        both = [edge.line for edge in answer.edges() if edge.source == asker or self.widest[edge.source, asker]]
        lines = [boxes_around(line[len(line) // 4 : -len(line) // 4]) for line in both]
        self.router.clear_of = Chips(
            np.concatenate([np.reshape(numbers, (-1, 2)), *(boxes.centers for boxes in lines)]),
            np.concatenate([np.tile(half, (len(numbers), 1)), *(boxes.halves for boxes in lines)]),
        )
        graph.shown = np.maximum(self.widest, 1 - self.between) * graph.only(asker, 0, 1)
        graph.shown[asker, self.ring.told] = UNSEEN

    def _what_is_drawn(self) -> str:
        """Say which edges there are, where that is not all of them, or else how wide they are."""
        if not self.leaves_out:
            return _(WIDTHS)
        if (self.ring.slots < 0).any():
            return _("Drawn: the two largest shares among these tokens")
        return _("Drawn: the two largest shares each receives from others")

    def _say_the_answer(self) -> None:
        """Name one or two tokens with their shares, and what is kept if there is room for it."""
        asker, shares = self.ring.asker, self.answer.weights[self.ring.asker]
        above = [place for place in self.ring.told[:2] if shares[place] >= shares[self.ring.told[0]] / 2]
        facts, kept = [self.answer.fact(asker, place) for place in above], self.answer.fact(asker, asker)
        said = what_it_needs([named(self.trace, int(self.ring.slots[place])) for place in above], facts)
        # Translators: the answer is such as "Above all “cat”, 0.31"
        keeps = _("{answer}; {token} keeps {share} for itself"), _("{answer}; {token} keeps {share}")
        token = named(self.trace, self.followed)
        tries = [text.format(answer=said, token=token, share=kept.text) for text in keeps]
        tries = tries if self.answer.labelled[asker, asker] else []
        longer = first_fit(lambda text: text if caption_length(text) <= CAPTION_LIMIT else None, tries)
        self.say(longer or said, *facts, *([kept] if longer else []))

    def _in_order(self) -> list[int]:
        """Return in which order tokens receive: two that stand apart, the one that is followed, the rest."""
        slots, asker, ring = self.ring.slots, self.ring.asker, self.ring.places
        places = np.flatnonzero(slots >= 0).tolist()
        weights = self.graph.weights * self.between
        apart = np.hypot(*np.moveaxis(ring[:, None] - ring, -1, 0))
        clear = (weights * np.minimum(apart, np.median(apart))).max(axis=1)
        words = [place for place in places if self._says_something(place) and place != asker]
        full = [asker]
        for _turn in range(min(IN_FULL - 1, len(words))):
            far = np.minimum(apart[:, full].min(axis=1), apart.max() / 3)
            full.insert(-1, max(set(words) - set(full), key=lambda place: clear[place] * far[place]))
        if what_the_first_sees(self.trace):  # it is said of the third
            full = [*dict.fromkeys([*full[-2:], places[0]])]
        return [*full, *(place for place in places if place not in full)]

    def _says_something(self, place: int) -> bool:
        token = int(self.ring.slots[place])
        return bool(self.trace.words[token]) and self.trace.labels[token].lower() not in FUNCTION_WORDS

    def _lit(self, places: list[int]) -> Array:
        """Return which chips (n,) are lit."""
        return np.isin(np.arange(len(self.ring.slots)), places).astype(float)

    def _light(self, edges: Array, **more: Any) -> Change:
        """Light some edges (n, n), and let the others recede."""
        return Change(self.graph, lit=edges, **more)

    def _question_mark(self) -> Label:
        """Return a question mark beside the token that asks, or over or under it if there is more room."""
        asker, onward = self.ring.asker, -1 if right_to_left(self.trace.sentence) else 1
        half, place = self.nodes.halves[asker], self.nodes.places[asker]
        mark = Label("?", self.theme.ink(QUERY), MARK * self.nodes.sizes[asker], weight="BOLD")
        own = np.array([mark.width, mark.height]) / 2
        across, up = half + own + 0.3 * self.ring.size
        others = np.delete(np.arange(len(self.nodes.places)), asker)
        tries = place + np.array([[onward * across, 0], [0, up], [-onward * across, 0], [0, -up]])
        gaps = np.abs(tries[:, None] - self.nodes.places[others]) - self.nodes.halves[others] - own
        stage = self.frame.stage
        within = (np.array([stage.width, stage.height]) / 2 - own - np.abs(tries - stage.center)).min(axis=1)
        rooms = np.minimum(gaps.max(axis=2).min(axis=1), 0.5 * self.ring.size) + np.minimum(within, 0) * len(others)
        mark.move_to((*tries[int(rooms.argmax())], 0))
        return mark

    def _receive(self, place: int) -> list[Change]:
        """Light one token and those that it attends to, and let the edges into it grow."""
        graph = self.graph
        grown = graph.grown.copy()
        grown[place] = 1
        lit = np.clip(1.5 * graph.strengths[place], 0, 1)
        lit[self.ring.asker] = max(lit[self.ring.asker], RINGED)
        lit[place] = 1
        return [Change(graph, grown=grown), self._light(graph.only(place)), Change(self.nodes, lit=lit)]
