"""Clip 4: attention is tokens that exchange messages."""

from collections.abc import Sequence

import numpy as np
from manim import linear
from numpy.typing import NDArray

from attention.text import right_to_left
from scenes.carrying.bending import bend
from scenes.communication_parts.free_side import stand_aside
from scenes.communication_parts.questions import Questions
from scenes.communication_parts.share_bar import Piece, ShareArrow, ShareBar
from scenes.communication_parts.shares import largest_shares
from scenes.communication_parts.star_places import LOOP, SMALLEST_SHARE, STUB, place_star
from scenes.content.asking import named
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import QUERY, VALUE
from scenes.mobjects.edge_routes import Router
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.label import Label
from scenes.mobjects.straight_router import StraightRouter
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.fitting import first_fit, fit
from scenes.words import _, ngettext

MOST_TOKENS, MOST_TOKENS_NARROW = 16, 12  # so that the last row reads each of them
STEPPED_BACK = 0.4  # size of a loop that has been talked about
QUIETER = 0.45  # how much less opaque its number is then
FULL_BOLD = 14  # tokens up to which edges have their full width
MESSAGES = 3  # that are seen before one token asks
ENOUGH_NAMED = 0.7  # of the bar, so that its text is not made smaller to name more
IN_THE_AIR = 3  # questions or shares, at most


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

    def tell_in_short(self) -> None:
        """Let one token ask, and its shares make 1."""
        self._build()
        self._a_ring_is_made()
        self._one_token_asks()
        self._each_answers_with_a_share()
        self._the_shares_make_one()

    @beat
    def _a_ring_is_made(self) -> None:
        self.carry_over(self.graph, self.nodes, run_time=1.6)

    @beat
    def _tokens_exchange_messages(self) -> None:
        self.carry_over(self.graph, self.nodes, run_time=1.6, way=bend if self.frame.wide else None)
        if not self.alone:
            self.say(_("Attention: tokens exchange messages"))
            self._send_messages()

    @beat
    def _one_token_asks(self) -> None:
        token = named(self.trace, self.followed)
        if self.alone:
            self.say(_("Now {token} asks itself", token=token))
        elif self.trace.mask[self.followed].all():
            self.say(_("Now {token} asks all of them, and itself", token=token))
        else:
            self.say(_("Now {token} asks those before it, and itself", token=token))
        self._step_forward()
        self._send_questions()

    @beat
    def _each_answers_with_a_share(self) -> None:
        alone, each = (
            _("It answers with a share: its attention weight"),
            _("Each answers with a share: its attention weight"),
        )
        self.say(alone if self.alone else each)
        self.play(*self.fade([self.questions], 0), run_time=0.4)
        self.remove(self.questions)
        self.play(Change(self.graph, grown=self.into), run_time=1.2)
        self.play(Change(self.graph, printed=self.into), *self.appear(self.whole), run_time=0.8)

    @beat
    def _the_shares_make_one(self) -> None:
        alone, each = _("Its share is all there is: 1"), _("The shares are probabilities: together they make 1")
        self.say(alone if self.alone else each)
        self._build_bar()
        self._turn_into_blocks()
        self.play(*self.appear([self.total]), run_time=0.3)

    @beat
    def _what_it_keeps_steps_back(self) -> None:
        fact = self.graph.fact(self.asker, self.asker)
        token = named(self.trace, self.followed)
        self.say(_("For itself, {token} keeps {share}; the rest is the story", token=token, share=fact.text), fact)
        own = np.array([float(token == self.followed) for token in self.tokens])
        if own.any():
            self.play(Change(self.bar, lit=own), run_time=0.5)
            self.wait(1.0)
        self.play(Change(self.bar, lit=1 - own), run_time=0.7)

    @beat
    def _all_stays_where_it_is(self) -> None:
        self.say(_("Here, all of it stays where it is"))
        self._turn_into_arrows()
        self.play(Change(self.graph, printed=self.into), run_time=0.5)
        self.rest()

    @beat
    def _the_messages_flow(self) -> None:
        self.say(_("Messages flow in, share by share"))
        loop = np.eye(len(self.slots))
        self.graph.lit[:] = 1 - loop
        self._turn_into_arrows()
        self.play(Change(self.graph, loop_size=STEPPED_BACK), run_time=0.5)
        self.graph.flow[:] = 0
        self.play(Change(self.graph, flow=self.into * (1 - loop), rate_func=linear), run_time=1.8)
        printed = self.into * (1 - QUIETER * loop)
        self.play(Change(self.graph, printed=printed), *self.appear(self.whole), run_time=0.6)
        self.say(_("A directed graph: each edge is a probability"))
        self.rest()

    def _build(self) -> None:
        """Make the chips as large as ring and star allow, and the graph."""
        most = MOST_TOKENS if self.frame.wide else MOST_TOKENS_NARROW
        plainly = range(most, most // 2, -1)  # fewer tokens, so that each number has its room
        first_fit(lambda tried: self._place(tried) and self._read_plainly(), plainly) or fit(self._place, most, 4)
        self.into = np.zeros((len(self.slots), len(self.slots)))
        self.into[self.asker] = 1
        self.alone = not (np.delete(self.shown_weights[self.followed], self.followed) > 0).any()
        self.nodes, self.graph = self._make_graph(StraightRouter())

    def _place(self, most: int) -> bool:
        """Find places for at most so many tokens, and return whether there are any."""
        self.slots = self.shown_tokens(most)
        shares = np.where(self.slots >= 0, self.shown_weights[self.followed][self.slots], 0.0)
        found = place_star(self.trace, self.frame, self.slots, self.followed, shares)
        if found:
            self.places, self.asker = found, found.asker
        return bool(found)

    def _make_graph(self, router: Router) -> tuple[GraphNodes, WeightedGraph]:
        """Make the chips on their ring, and the edges, none of which is shown."""
        places = self.places
        nodes = GraphNodes(places.texts, places.region, places.ring, places.size, self.theme)
        graph = WeightedGraph(
            nodes,
            self.shown_weights,
            self.theme,
            slots=self.slots,
            field=self.weights_field,
            faintest=0.0,
            number_size=places.number_size,
            boldness=min(1.0, FULL_BOLD / len(self.slots)),
            message=self.theme.ink(VALUE),
            router=router,
        )
        if len(self.slots) > 1:
            graph.loop_size[:] = graph.loop_room = LOOP
        graph.shown[:] = 0
        return nodes, graph

    def _read_plainly(self) -> bool:
        """Return whether each printed share has room."""
        nodes, graph = self._make_graph(StraightRouter())
        nodes.places, nodes.sizes = self.places.star, self.places.sizes
        self._point_to_the_asker(graph)
        return all(
            graph.number_at(self.asker, source) for source in np.flatnonzero(graph.labelled[self.asker]).tolist()
        )

    def _point_to_the_asker(self, graph: WeightedGraph) -> None:
        """Show the edges into the asker, with its loop where nobody stands."""
        aside = -1.0 if right_to_left(self.trace.sentence) else 1.0
        graph.loops[self.asker] = [aside, 0.0] if len(self.slots) > 1 else [0.0, 1.0]
        graph.labelled = self._printed(graph)
        graph.shown = graph.only(self.asker)

    def _printed(self, graph: WeightedGraph) -> NDArray[np.bool_]:
        """Return which edges (n, n) have their share printed: those into the asker that would not be 0.00."""
        into = np.zeros(graph.weights.shape, dtype=bool)
        into[self.asker] = True
        return into & (graph.weights >= SMALLEST_SHARE) & (graph.strengths > 0)

    def _send_messages(self) -> None:
        """Let messages run along the strongest edges into the token that is going to ask."""
        _, graph = self._make_graph(Router())
        graph.nodes = self.nodes
        others = np.delete(np.arange(len(self.slots)), self.asker)
        senders = others[np.argsort(-graph.weights[self.asker, others], kind="stable")][:MESSAGES]
        graph.shown[self.asker, senders] = graph.weights[self.asker, senders] > 0
        graph.grown[:] = 0
        self.add(graph, self.nodes)
        self.play(Change(graph, grown=1), run_time=0.7)
        self.play(Change(graph, flow=1, rate_func=linear), run_time=1.4)
        self.play(*self.fade([graph], 0), run_time=0.3)
        self.remove(graph)

    def _step_forward(self) -> None:
        """Move the token into the middle; the others close up around it."""
        allowed = self.trace.mask[self.followed][self.slots] & (self.slots >= 0)
        self.allowed = allowed.astype(float)
        places = self.places
        first = np.where(np.arange(len(self.slots))[:, None] == self.asker, places.star, places.ring)
        self.play(Change(self.nodes, places=first, sizes=places.sizes), run_time=0.7)
        self.play(Change(self.nodes, places=places.star, lit=self.allowed), run_time=0.7)
        self._point_to_the_asker(self.graph)
        self.whole = self._name_the_whole()
        self.graph.grown[:], self.graph.printed[:] = 0, 0

    def _name_the_whole(self) -> list[Label]:
        """Return what says that all shares make 1, as their printed numbers may not: beside the asker."""
        weights, text, quiet = self.shown_weights[self.followed], self.theme.text, self.theme.quiet
        whole = Fact(f"sum({self.weights_field}[{self.followed}])", float(weights.sum(dtype=float)))
        count = int((weights > 0).sum())
        words = ngettext("all {number} share:", "all {number} shares:", count, number=count), _("sum")
        labels = [
            Label([(word, quiet), (whole, text)], text, size)
            for word in words
            for size in (self.frame.text, self.frame.small_text)
        ]
        side = -float(np.sign(self.graph.loops[self.asker, 0]))
        found = None if self.alone else stand_aside(labels, self.graph, self.asker, side, self.places.region)
        return [found] if found else []

    def _send_questions(self) -> None:
        self.questions = questions = Questions(
            self.graph, self.asker, self.places.size * 1.2, self.frame.smallest_text, self.theme.ink(QUERY)
        )
        self.play(
            Change(questions, progress=1, order=questions.turns, overlap=_overlap(len(questions.progress))),
            run_time=1.8,
        )

    def _build_bar(self) -> None:
        """Make the bar, whose blocks are the arrows into the asker, and what they make."""
        row, places, weights = f"{self.weights_field}[{self.followed}", self.places, self.shown_weights[self.followed]
        names = dict(zip(self.slots.tolist(), places.texts.labels, strict=True))
        names.pop(-1, None)
        tried = [
            (*largest_shares(row, weights, names, self.followed, places.bar.width, size), size)
            for size in places.written
        ]
        pieces, self.tokens, size = max(tried, key=lambda found: min(_named(found[0]), ENOUGH_NAMED))
        edges = {int(self.slots[edge.source]): edge for edge in self.graph.edges()}
        rest = sorted(edges.keys() - set(self.tokens), key=lambda token: -float(weights[token]))
        arrows, self.senders = [], [token for token in self.tokens if token in edges] + rest
        total = float(weights.sum(dtype=float))
        for token in self.senders:
            edge = edges[token]
            piece = self.tokens.index(token if token in self.tokens else -1)
            arrows.append(ShareArrow(piece, edge.line, edge.width, float(weights[token]) / total))
        halves = chip_halves(places.texts, 1.0) * places.sizes[:, None]
        stand = places.star.copy()
        stand[self.asker], halves[self.asker] = places.head, chip_halves(places.texts, places.heading)[self.asker]
        chips = np.stack([stand - halves, stand + halves], axis=1)
        self.bar = ShareBar(pieces, arrows, places.region, places.bar, size, STUB * places.size, self.theme, chips)
        self.bar.arrived[:] = 0
        fact = Fact(f"sum({row}])", total)
        self.total = Label(
            [(_("sum"), self.theme.quiet), (fact, self.theme.text)], self.theme.text, self.frame.text, MONO
        )
        self.total.move_to((*places.foot, 0))

    def _turn_into_blocks(self) -> None:
        """Let each arrow become its block; its token's chip dims as it leaves, and the asker stands above the bar."""
        count = len(self.bar.arrows)
        self.add(self.bar, self.graph, self.nodes)
        places, sizes = self.places.star.copy(), self.places.sizes.copy()
        places[self.asker], sizes[self.asker] = self.places.head, self.places.heading
        self.play(*self.fade([self.graph, *self.whole], 0), Change(self.bar, drawn_in=1), run_time=0.6)
        self.remove(self.graph, *self.whole)
        self.play(Change(self.nodes, places=places, sizes=sizes), run_time=0.4)
        order = np.arange(count) / max(count - 1, 1)
        dimming = np.ones(len(self.slots))
        for turn, token in zip(order.tolist(), self.senders, strict=True):
            dimming[self.slots == token] = turn
        lit = np.where(np.arange(len(self.slots)) == self.asker, 1.0, 0.0)
        self.play(
            Change(self.bar, arrived=1, order=order, overlap=_overlap(count)),
            Change(self.nodes, lit=lit, order=dimming, overlap=_overlap(count)),
            run_time=2.4,
        )

    def _turn_into_arrows(self) -> None:
        """Let the blocks fly home, and the asker stand among the others again."""
        count = len(self.bar.arrows)
        self.play(*self.fade([self.total], 0), run_time=0.3)
        self.remove(self.total)
        order = np.arange(count)[::-1] / max(count - 1, 1)
        self.play(
            Change(self.bar, arrived=0, order=order, overlap=_overlap(count)),
            Change(self.nodes, lit=self.allowed),
            run_time=1.0,
        )
        self.play(Change(self.nodes, places=self.places.star, sizes=self.places.sizes), run_time=0.4)
        self.play(Change(self.bar, drawn_in=0), run_time=0.4)
        self.graph.printed[:] = 0
        self.add(self.bar, self.graph.set_opacity(0), self.nodes)
        self.play(*self.fade([self.graph], 1), run_time=0.2)
        self.remove(self.bar)


def _named(pieces: Sequence[Piece]) -> float:
    """Return how much of a bar has names."""
    return sum(piece.part for piece in pieces if not piece.hollow)


def _overlap(count: int) -> float:
    """Return the share of the time that each of so many takes, if so many are on their way at once."""
    return IN_THE_AIR / (count + IN_THE_AIR - 1)
