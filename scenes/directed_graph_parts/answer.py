"""What the token that the film follows has taken: which shares are told, and what all others make."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.drawing.fact import Fact
from scenes.look.fonts import MONO
from scenes.look.theme import Theme
from scenes.mobjects.label import Label
from scenes.mobjects.weighted_graph import WeightedGraph, number_half
from scenes.places.layout import Region

LEAST = 0.005  # a share that is printed as more than nothing
SUBSTANTIAL = 0.05  # a share that is told beside the largest
MOST = 6, 4  # shares of others that are told, in wide and in narrow frames
STEPS = 40  # in which a place for the rest is looked for, each way
AIR = 1.0, 0.7, 0.4, 0.2  # around the rest, in its height; first choice first


def told_places(weights: NDArray[np.floating], asker: int, wide: bool) -> list[int]:
    """Return the places (n,) of the others whose shares are told, the largest first; one at least, if it is any."""
    others = np.delete(np.arange(len(weights)), asker)
    order = others[np.argsort(-weights[others], kind="stable")]
    order = order[weights[order] >= LEAST]
    least = min(SUBSTANTIAL, float(weights[order].max(initial=0.0)) / 2)
    told = order[: MOST[not wide]]
    told = told[weights[told] >= least]
    alone = len(order) == len(told) + 1  # the last one is told too
    return [int(place) for place in (order if alone else told)]


def what_it_needs(names: list[str], shares: list[Fact]) -> str:
    """Return the answer to the film's question: one or two tokens with their shares."""
    if len(set(names)) < len(names):
        return f"Above all two {names[0]}, {shares[0].text} and {shares[1].text}"
    return "Above all " + ", and ".join(f"{name}, {share.text}" for name, share in zip(names, shares, strict=True))


def the_rest(row: str, weights: NDArray[np.floating], told: Sequence[Fact], theme: Theme, size: float) -> Label | None:
    """Return what all tokens give whose shares are not ``told``: what these leave of the whole, as they are printed.

    None if that is nothing. ``row`` is the source of the weights (tokens,), such as ``"weights[0][7"``.
    """
    whole = Fact(f"sum({row}])", float(weights.sum(dtype=float)))
    share = Fact(
        " - ".join([whole.source, *(fact.text for fact in told)]), whole.value - sum(fact.printed for fact in told)
    )
    left = int((weights > 0).sum()) - len(told)
    if left <= 0 or share.printed <= 0:
        return None
    return Label(
        [("others" if left > 1 else "the other", theme.quiet), (share, theme.text)],
        theme.text,
        size,
        MONO,
        plate=theme.plate,
    )


def stand_apart(label: Label, stage: Region, graph: WeightedGraph, behind: WeightedGraph) -> bool:
    """Move a label to the free place that is nearest to the middle of a graph; return whether there is any.

    Edges ``behind`` may pass under it, but not loops.
    """
    half = np.array([label.width, label.height]) / 2
    boxes = [(graph.nodes.places, graph.nodes.halves)]
    loops = behind.edges(np.eye(len(behind.weights), dtype=bool))
    boxes += [(edge.line, np.full_like(edge.line, edge.width / 2)) for edge in (*graph.edges(), *loops)]
    numbers = [graph.number_at(edge.target, edge.source) for edge in graph.edges()]
    boxes += [(np.array([number]), number_half(graph.number_size)[None]) for number in numbers if number]
    centers, halves = (np.concatenate(parts) for parts in zip(*boxes, strict=True))
    places = _grid(stage, half)
    gaps = (np.abs(centers - places[:, None]) - halves - half).max(axis=-1).min(axis=1)
    chips, far = graph.nodes.places, np.hypot(*(places - graph.middle).T)
    inside = ((places > chips.min(axis=0)) & (places < chips.max(axis=0))).all(axis=1)
    for among, air in product((inside, ~inside), AIR):
        if (free := among & (gaps > air * label.height)).any():
            label.move_to((*places[np.where(free, far, np.inf).argmin()], 0))
            return True
    return False


def _grid(stage: Region, half: Array) -> Array:
    """Return where the middle of a box may be in a stage, (k, 2)."""
    across = np.linspace(stage.left + half[0], stage.right - half[0], STEPS)
    up = np.linspace(stage.bottom + half[1], stage.top - half[1], STEPS)
    return np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
