"""One clip twice: with Manim's stock mobjects, as an experienced user would write it, and with ours.

A 12 × 12 matrix is revealed cell by cell with its numbers, its rows are highlighted in turn, and it becomes a ring of
nodes with weighted arrows. Both play the same animations for the same time, so they have the same number of frames.
"""

from typing import Any

import numpy as np
from manim import (
    BLACK,
    PI,
    RIGHT,
    UP,
    WHITE,
    AnimationGroup,
    Create,
    CurvedArrow,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    RoundedRectangle,
    Scene,
    Square,
    Text,
    VGroup,
    interpolate_color,
)

from attention import trace
from attention.settings import Settings
from scenes.drawing.change import Change, reading_order
from scenes.explainer_scene import ExplainerScene
from scenes.look.theme import THEMES, WEIGHT, probability_scale
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Region

SENTENCE = "The small cat sat on the mat because it was tired."
REVEAL, ROW, TURN, ARROWS, REST = 6.0, 0.5, 2.0, 4.0, 1.0  # seconds
FAINTEST = 0.02  # weight from which an arrow is drawn
RADII = 5.0, 2.7  # of the ring, scene units


def ring(count: int) -> Any:
    """Return the nodes' places (count, 2), clockwise from the top."""
    angles = PI / 2 - np.arange(count) * 2 * PI / count
    return np.stack([RADII[0] * np.cos(angles), RADII[1] * np.sin(angles)], axis=-1)


class StockAttention(Scene):
    """The clip with squares, texts and curved arrows."""

    def construct(self) -> None:
        """Play it."""
        traced = trace(SENTENCE)
        weights = traced.weights[0]
        rows = VGroup(*(VGroup(*map(self._cell, row)).arrange(RIGHT, buff=0.04) for row in weights))
        rows.arrange(-UP, buff=0.04)
        cells = [cell for row in rows for cell in row]
        self.play(LaggedStart(*map(FadeIn, cells), lag_ratio=0.75 / len(cells) * 4, run_time=REVEAL))
        for row in rows:
            others = [other.animate.set_opacity(0.3) for other in rows if other is not row]
            self.play(row.animate.set_opacity(1), *others, run_time=ROW)
        nodes = VGroup(*(self._node(label, place) for label, place in zip(traced.labels, ring(len(rows)), strict=True)))
        self.play(
            AnimationGroup(*(ReplacementTransform(row, node) for row, node in zip(rows, nodes, strict=True))),
            run_time=TURN,
        )
        arrows = [
            self._arrow(nodes[source], nodes[target], float(weights[target, source]), float(weights.max()))
            for target in range(len(rows))
            for source in range(len(rows))
            if source != target and weights[target, source] > FAINTEST
        ]
        self.play(LaggedStart(*map(Create, arrows), lag_ratio=0.75 / len(arrows) * 4, run_time=ARROWS))
        self.wait(REST)
        self.play(FadeOut(VGroup(*arrows)), run_time=ROW)

    def _cell(self, weight: float) -> VGroup:
        color = interpolate_color(BLACK, WHITE, float(weight))
        square = Square(0.55, stroke_width=0, fill_color=color, fill_opacity=1)
        number = Text(f"{weight:.2f}", font_size=14, color=BLACK if weight > 0.5 else WHITE)
        return VGroup(square, number.move_to(square))

    def _node(self, label: str, place: Any) -> VGroup:
        text = Text(label, font_size=28)
        chip = RoundedRectangle(0.1, width=text.width + 0.3, height=0.55, fill_opacity=1, fill_color=BLACK)
        return VGroup(chip, text.move_to(chip)).move_to((*place, 0))

    def _arrow(self, source: Any, target: Any, weight: float, largest: float) -> CurvedArrow:
        start, end = source.get_center() * 0.9, target.get_center() * 0.9
        return CurvedArrow(
            start,
            end,
            angle=PI / 6,
            stroke_width=12 * weight,
            stroke_opacity=(weight / largest) ** 0.5,
            tip_length=0.15,
        )


class OurAttention(ExplainerScene):
    """The clip with a tensor and a weighted graph."""

    stage = "output"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Settings(sentence=SENTENCE), **kwargs)

    def construct(self) -> None:
        """Play it."""
        traced, theme = self.trace, THEMES["dark"]
        weights = traced.weights[0]
        tensor = Tensor(weights, probability_scale(WEIGHT, theme)).place(0, 0, 7, 7)
        tensor.shown[:] = 0
        self.add(tensor)
        count = len(traced)
        self.play(Change(tensor, shown=1, order=reading_order(count, count), run_time=REVEAL))
        for row in range(count):
            lit = np.full((count, count), 0.3)
            lit[row] = 1
            self.play(Change(tensor, lit=lit, run_time=ROW))
        everywhere = Region(-7, -4, 7, 4)
        nodes = GraphNodes(ChipTexts.of(traced, np.arange(count)), everywhere, np.zeros((count, 2)), 0.4, theme)
        nodes.set_opacity(0)
        self.add(nodes)
        self.play(Change(tensor, opacity=0), Change(nodes, opacity=1, places=ring(count)), run_time=TURN)
        self.remove(tensor)
        graph = WeightedGraph(nodes, weights, theme, faintest=FAINTEST)
        graph.grown[:] = 0
        self.remove(nodes)
        self.add(graph, nodes)
        self.play(Change(graph, grown=1, order=reading_order(count, count), run_time=ARROWS))
        self.wait(REST)
        self.play(Change(graph, opacity=0), run_time=ROW)
