"""How a word goes to the arrow that it names, and its other chips on their ways."""

import numpy as np
from manim import linear, smooth

from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.places.spreading import meets


def is_free(nodes: GraphNodes, chip: int, end: Array) -> bool:
    """Return whether a chip would meet the followed one nowhere on its way: first upright, then level."""
    own = nodes.texts.followed
    start = nodes.places[chip]
    turn = np.array([start[0], end[1]])
    room = 2 * (nodes.halves[own] + nodes.halves[chip])
    legs = (start, turn), (turn, end)
    return not any(meets(np.stack(leg), nodes.places[own], room).any() for leg in legs)


def go_upright_then_level(nodes: GraphNodes, chip: int, end: Array, size: float) -> Change:
    """Return the way of a chip to ``end``, where it has a ``size``."""
    start, places, sizes = nodes.places.copy(), nodes.places.copy(), nodes.sizes.copy()
    places[chip], sizes[chip] = end, size

    def gone(share: float) -> Array:
        level, upright = smooth(max(2 * share - 1, 0)), smooth(min(2 * share, 1))
        return np.asarray(start + (places - start) * [level, upright])

    return Change(nodes, places=gone, sizes=sizes, rate_func=linear)


def go_alone(nodes: GraphNodes, chip: int, end: Array, size: float) -> Change:
    """Return the straight way of one chip, while the others stay."""
    places, sizes = nodes.places.copy(), nodes.sizes.copy()
    places[chip], sizes[chip] = end, size
    return Change(nodes, places=places, sizes=sizes)
