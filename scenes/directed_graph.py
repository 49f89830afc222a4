"""Clip 10: attention as a directed graph, the finale."""

import numpy as np
from manim import linear, smooth

from scenes.content.looking_back import FIRST_LOOKS_AT_ITSELF
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import VALUE
from scenes.mobjects.edge_routes import LOOP_HEIGHT
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.ring import Ring
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import MOST_TOKENS
from scenes.places.layout import Region, visible_slots
from scenes.places.ring_places import ring_places

TURNS = 20.0  # seconds that all turns take together, at most
LONGEST, SHORTEST = 2.2, 0.75  # seconds of one turn
DIMMED = 0.35


class DirectedGraph(ExplainerScene):
    """All tokens on a ring: each takes its turn as receiver of messages along weighted edges, then all at once."""

    stage = "output"
    averages = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 10."""
        self._build()
        self._the_tokens_stand_on_a_ring()
        self._the_first_token_receives()
        self._each_token_takes_its_turn()
        self._all_receive_at_once()
        self._the_graph_rests()

    @beat
    def _the_tokens_stand_on_a_ring(self) -> None:
        self.nodes.set_opacity(0)
        self.add(self.graph, self.nodes)
        self.play(Change(self.nodes, opacity=1), run_time=0.5)
        self.say("The whole sentence as a graph: each token is a node")
        self.wait(1.0)

    @beat
    def _the_first_token_receives(self) -> None:
        self.say(FIRST_LOOKS_AT_ITSELF if self.trace.causal else "Edges run from the attended to the attending token")
        self.play(*self._receive(0), Change(self.ring, opacity=1, run_time=0.4), run_time=LONGEST)
        self.wait(0.6)
        if self.trace.causal:
            self.say("Edges run from earlier tokens to later ones only")
            self.wait(1.2)
        if len(self.graph.weights) > 1:
            self.say("The wider an edge, the larger its attention weight")
            self.wait(1.2)

    @beat
    def _each_token_takes_its_turn(self) -> None:
        others = [place for place in range(1, len(self.slots)) if self.slots[place] >= 0]
        if not others:
            return
        self.say("Each token receives its share of every message")
        turn = float(np.clip(TURNS / len(others), SHORTEST, LONGEST))
        for place in others:
            box = self.nodes.box(place, self.ring_room)
            self.play(*self._receive(place), Change(self.ring, points=box.corners, rate_func=at_once), run_time=turn)

    @beat
    def _all_receive_at_once(self) -> None:
        self.say("In the model, all of this happens at once")
        self.graph.flow[:] = 0
        self.play(
            Change(self.graph, lit=1),
            Change(self.nodes, lit=1),
            Change(self.ring, opacity=0),
            run_time=1.2,
        )
        self.play(Change(self.graph, flow=1, rate_func=linear), run_time=2.6)

    @beat
    def _the_graph_rests(self) -> None:
        self.say("Attention: a directed graph, weights on its edges")
        self.rest()

    def _build(self) -> None:
        """Stand the chips on a ring as large as they can be read, with room for the loops outside."""
        trace, frame = self.trace, self.frame
        self.slots = visible_slots(len(trace), MOST_TOKENS)
        for size in np.linspace(frame.text * 1.4, frame.smallest_text, 12):
            for longest in (9.0, 6.5, 5.0) if frame.wide else (6.5, 5.0, 4.0):
                self.texts = ChipTexts.of(trace, self.slots, longest)
                margin = TALL / 2 * size * (LOOP_HEIGHT + 0.5)
                stage = frame.stage
                room = stage.middle(stage.width - 2 * margin, stage.height - 2 * margin)
                places = ring_places(room, chip_halves(self.texts, float(size)), float(size) * 0.35)
                if places is not None and self._has_room(places, room, float(size)):
                    break
            else:
                continue
            break
        assert places is not None
        self.nodes = GraphNodes(self.texts, stage, places, float(size), self.theme)
        self.graph = WeightedGraph(
            self.nodes,
            self.shown_weights,
            self.theme,
            slots=self.slots,
            field=self.weights_field,
            message=self.theme.ink(VALUE),
        )
        self.graph.grown[:] = 0
        self.ring_room = 0.06
        self.ring = Ring(self.nodes.box(0, self.ring_room), self.theme.text)

    def _has_room(self, places: Array, room: Region, size: float) -> bool:
        inner = np.abs(places - room.center) - chip_halves(self.texts, size)
        sides = inner[:, 0][np.abs(places[:, 1] - room.center[1]) < room.height / 4]
        return len(places) < 3 or len(sides) == 0 or sides.min() > 0.2 * room.width

    def _receive(self, place: int) -> list[Change]:
        """Light one token and the edges into it, and let a message run along each."""
        graph = self.graph
        graph.flow[:] = 0
        grown = graph.grown.copy()
        grown[place] = 1
        lit = np.clip(3 * graph.strengths[place], DIMMED, 1)
        lit[place] = 1
        return [
            Change(graph, grown=grown, rate_func=first_half),
            Change(graph, lit=graph.only(place), rate_func=first_half),
            Change(graph, flow=graph.only(place), rate_func=second_half),
            Change(self.nodes, lit=lit, rate_func=first_half),
        ]


def at_once(alpha: float) -> float:
    """Move within the first fifth of an animation."""
    return float(smooth(min(5 * alpha, 1.0)))


def first_half(alpha: float) -> float:
    """Speed up and slow down within the first half of an animation."""
    return float(smooth(min(2 * alpha, 1.0)))


def second_half(alpha: float) -> float:
    """Stand still, then move evenly from shortly before the middle of an animation."""
    return max((alpha - 0.4) / 0.6, 0.0)
