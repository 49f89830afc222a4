"""How one chip goes to its new place, and what comes when it is nearly there."""

from manim import smooth

from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.mobjects.graph_nodes import GraphNodes


def go_alone(nodes: GraphNodes, chip: int, end: Array, size: float) -> Change:
    """Return the straight way of one chip, while the others stay."""
    places, sizes = nodes.places.copy(), nodes.sizes.copy()
    places[chip], sizes[chip] = end, size
    return Change(nodes, places=places, sizes=sizes)


def second_half(alpha: float) -> float:
    """Wait, then speed up and slow down within the second half of an animation."""
    return float(smooth(max(2 * alpha - 1, 0.0)))
