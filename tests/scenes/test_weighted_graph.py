import numpy as np
import pytest
from numpy.typing import NDArray

from attention import trace
from scenes.communication_parts.share_bar import ShareBar
from scenes.look.theme import THEMES
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Region
from scenes.places.ring_places import ring_places
from tests.recomputed import recompute
from tests.scenes.test_mobjects import drawn

DARK = THEMES["dark"]
STAGE = Region(-6.0, -3.0, 6.0, 3.0)
WORDS = ["a", "one", "seventeen", "harbour", "it", ".", "because", "the", "Königin", "I", ",", "boat", "children"]


def ring(n: int, region: Region = STAGE, size: float = 0.2) -> WeightedGraph:
    labels = tuple(WORDS[index % len(WORDS)] for index in range(n))
    none = np.zeros(n, dtype=bool)
    texts = ChipTexts(np.arange(n), labels, none, none, none, none)
    room = region.middle(region.width - 1, region.height - 1)
    places = ring_places(room, chip_halves(texts, size), 0.06)
    assert places is not None
    weights = np.random.default_rng(n).dirichlet(np.full(n, 0.3), n)
    return WeightedGraph(GraphNodes(texts, region, places, size, DARK), weights, DARK, field="weights[0]")


def inside(points: NDArray[np.float64], graph: WeightedGraph) -> NDArray[np.bool_]:
    """Whether any of some points is in each chip's box, (n,)."""
    nodes = graph.nodes
    return (np.abs(points[:, None] - nodes.places) < nodes.halves).all(axis=-1).any(axis=0)


def finely(points: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.linspace(0, 1, 8, endpoint=False)[:, None]
    return (points[:-1, None] + steps * (points[1:] - points[:-1])[:, None]).reshape(-1, 2)


def stroked(line: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Points on both sides of a line of some width, which ends square."""
    fine = finely(line)
    along = np.gradient(fine, axis=0)
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=-1) * width / 2
    return np.concatenate([fine - aside, fine, fine + aside])


@pytest.mark.parametrize("region", [STAGE, Region(-3.6, -4.8, 3.6, 4.8)], ids=["wide", "tall"])
@pytest.mark.parametrize("n", range(1, 25))
def test_no_edge_and_no_arrowhead_touches_a_chip(n: int, region: Region) -> None:
    graph = ring(n, region)
    edges = graph.edges()
    assert len(edges) == (graph.strengths > 0).sum() > 0
    for edge in edges:
        assert not inside(finely(edge.head[[0, 1, 2, 0]]), graph).any(), "an arrowhead is over a chip"
        assert not inside(stroked(edge.line, edge.width), graph).any(), "a line is over a chip"


def test_an_edge_runs_from_the_attended_to_the_attending_token() -> None:
    graph = ring(5)
    for edge in graph.edges():
        start, tip = edge.line[0], edge.head[1]
        gaps = [np.abs(point - graph.nodes.places) - graph.nodes.halves for point in (start, tip)]
        assert [int(gap.max(axis=1).argmin()) for gap in gaps] == [edge.source, edge.target]
        assert graph.fact(edge.target, edge.source).source == f"weights[0][{edge.target}, {edge.source}]"


def test_widths_and_opacities_follow_the_weights() -> None:
    graph = ring(9)
    edges = graph.edges()
    weights = np.array([graph.weights[edge.target, edge.source] for edge in edges])
    widths, alphas = (np.array([getattr(edge, name) for edge in edges]) for name in ("width", "alpha"))
    assert (np.diff(weights) >= 0).all()  # the strongest are drawn last
    assert (np.diff(widths) >= 0).all()
    assert (np.diff(alphas) >= 0).all()
    wide = widths > widths.min()
    np.testing.assert_allclose(widths[wide] / weights[wide], widths[-1] / weights[-1])


def test_weak_edges_are_not_drawn_and_facts_are_those_of_the_drawn_ones() -> None:
    graph = ring(12)
    drawn_pairs = {(edge.target, edge.source) for edge in graph.edges()}
    assert drawn_pairs == set(map(tuple, np.argwhere(graph.weights > 0.01).tolist()))
    assert len(graph.facts()) == len(drawn_pairs)


def test_one_token_has_its_loop() -> None:
    graph = ring(1)
    (edge,) = graph.edges()
    assert (edge.source, edge.target) == (0, 0)
    assert edge.head[1, 1] > graph.nodes.halves[0, 1]  # above the chip
    assert (drawn(graph) != drawn()).any()


def test_an_edge_grows_from_its_source() -> None:
    graph = ring(3)
    graph.lit[:] = 0
    whole = {(edge.source, edge.target): edge for edge in graph.edges()}
    graph.grown[:] = 0.5
    for edge in graph.edges():
        other = whole[edge.source, edge.target]
        np.testing.assert_allclose(edge.line[0], other.line[0])
        assert np.abs(edge.head[1] - other.head[1]).max() > 0.05
    graph.grown[:] = 0
    assert graph.edges() == []


def test_a_message_is_on_its_way_between_zero_and_one() -> None:
    graph = ring(4)
    before = drawn(graph)
    graph.flow[:] = 0.5
    assert (drawn(graph) != before).any()
    graph.flow[:] = 1
    assert (drawn(graph) == before).all()


def test_numbers_stand_beside_their_source_and_no_edge_crosses_them() -> None:
    graph = ring(8)
    hub = 0
    graph.nodes.places[hub] = STAGE.center
    graph.loops[hub] = [0.0, 1.0]
    graph.shown = graph.only(hub)
    graph.labelled = graph.only(hub) > 0
    ways = graph._routed()
    half = np.array([0.6 * 4, 0.73]) * graph.number_size / 2
    for place in ways.routes.labels:
        assert not (np.abs(place - graph.nodes.places) < graph.nodes.halves + half).all(axis=-1).any()
        for edge in graph.edges():
            assert not (np.abs(finely(edge.line) - place) < half + edge.width / 2).all(axis=-1).any()
    assert len(ways.pairs) == (graph.strengths[hub] > 0).sum()


def test_what_is_elided_has_no_edges() -> None:
    traced = trace("The cat sat on the mat.")
    slots = np.array([0, 1, -1, 6])
    texts = ChipTexts.of(traced, slots)
    places = np.array([[0.0, 2.0], [4.0, 0.0], [0.0, -2.0], [-4.0, 0.0]])
    graph = WeightedGraph(GraphNodes(texts, STAGE, places, 0.3, DARK), traced.weights[0], DARK, slots=slots)
    assert all(2 not in (edge.source, edge.target) for edge in graph.edges())
    truth = recompute("The cat sat on the mat.")["weights"]
    assert graph.weights[1, 3] == pytest.approx(truth[1, 6], abs=1e-5)


@pytest.mark.parametrize("n", range(1, 25))
def test_chips_on_a_ring_do_not_meet_and_stay_in_their_region(n: int) -> None:
    nodes = ring(n).nodes
    apart = (np.abs(nodes.places[:, None] - nodes.places) - nodes.halves[:, None] - nodes.halves).max(axis=-1)
    assert (apart[~np.eye(n, dtype=bool)] > 0).all()
    assert (np.abs(nodes.places) + nodes.halves <= [6.0, 3.0]).all()


def test_shares_laid_end_to_end_fill_the_bar() -> None:
    graph = ring(6)
    bar = ShareBar([graph.fact(0, source) for source in range(6)], 4.0, 0.4, DARK)
    empty = drawn(bar)
    bar.filled[:] = 1
    changed = np.argwhere((drawn(bar) != empty).any(axis=-1))[:, 1]
    assert np.ptp(changed) == pytest.approx(4.0 / 14.2 * 320, abs=3)
