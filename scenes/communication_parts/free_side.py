"""Room beside a node, at its own height, that no edge into it takes."""

from collections.abc import Iterable

import numpy as np

from scenes.mobjects.graph_nodes import chip_halves
from scenes.mobjects.label import Label
from scenes.mobjects.weighted_graph import WeightedGraph, number_half
from scenes.places.layout import Region

_STEPS = 60  # points of an edge that are looked at
_CLEAR = 0.5  # between a label and an edge or a number, in em


def stand_aside(labels: Iterable[Label], graph: WeightedGraph, node: int, side: float, region: Region) -> Label | None:
    """Stand the first of ``labels`` that has room at the left (-1) or right (1) end of ``region``, and return it."""
    x, y = graph.nodes.places[node]
    edges = [edge for edge in graph.edges() if edge.target == node]
    shares = np.linspace(0, 1, _STEPS)[:, None]
    taken = [edge.line[0] + shares * (edge.line[-1] - edge.line[0]) for edge in edges if edge.source != node]
    numbers = [at for edge in edges if (at := graph.number_at(node, edge.source))]
    half = np.array(number_half(graph.number_size))
    taken += [np.array(at) + half * corner for at in numbers for corner in ([-1, -1], [-1, 1], [1, -1], [1, 1])]
    points = np.vstack([np.reshape(part, (-1, 2)) for part in taken])
    own = float((chip_halves(graph.nodes.texts, 1.0, graph.nodes.tall) * graph.nodes.sizes[:, None])[node, 0])
    for label in labels:
        pad = _CLEAR * label.height
        end = region.left if side < 0 else region.right
        left, right = sorted((end, end - side * label.width))
        across = (points[:, 0] > left - pad) & (points[:, 0] < right + pad)
        down = np.abs(points[:, 1] - y) < label.height / 2 + pad / 2
        if not (across & down).any() and abs(x - end) - label.width > own + pad:
            return label.move_to(((left + right) / 2, y, 0))
    return None
