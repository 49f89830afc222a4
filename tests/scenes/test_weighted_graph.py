from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from attention import trace
from scenes.communication_parts.share_bar import Piece, ShareArrow, ShareBar
from scenes.communication_parts.shares import largest_shares
from scenes.directed_graph_parts.ring_places import ring_places
from scenes.drawing.fact import Fact
from scenes.look.theme import THEMES, Theme, contrast, mix
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.weighted_graph import WeightedGraph, number_half
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Region
from tests.recomputed import recompute
from tests.scenes.test_mobjects import drawn

DARK = THEMES["dark"]
STAGE = Region(-6.0, -3.0, 6.0, 3.0)
CORNER = 0.003  # scene units, a fifth of a pixel at 480p: chips are round where boxes have corners
WORDS = ["a", "one", "seventeen", "harbour", "it", ".", "because", "the", "Königin", "I", ",", "boat", "children"]


def ring(n: int, region: Region = STAGE, size: float = 0.2, strongest: int | None = None) -> WeightedGraph:
    labels = tuple(WORDS[index % len(WORDS)] for index in range(n))
    none = np.zeros(n, dtype=bool)
    texts = ChipTexts(np.arange(n), labels, none, none, none, none)
    room = region.middle(region.width - 1, region.height - 1)
    places = ring_places(room, chip_halves(texts, size), 0.06)
    assert places is not None
    weights = np.random.default_rng(n).dirichlet(np.full(n, 0.3), n)
    nodes = GraphNodes(texts, region, places, size, DARK)
    return WeightedGraph(nodes, weights, DARK, field="weights[0]", strongest=strongest)


def inside(points: NDArray[np.float64], graph: WeightedGraph) -> NDArray[np.bool_]:
    """Whether any of some points is in each chip's box, (n,)."""
    nodes = graph.nodes
    return (np.abs(points[:, None] - nodes.places) < nodes.halves - CORNER).all(axis=-1).any(axis=0)


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
    crowded = n == 24 and region.height > region.width  # two of its 576 edges find no way
    graph = ring(n, region, strongest=4 if crowded else None)
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


def test_widths_follow_the_root_of_the_weights_between_two() -> None:
    graph = ring(9)
    edges = [edge for edge in graph.edges() if edge.source != edge.target]
    weights = np.array([graph.weights[edge.target, edge.source] for edge in edges])
    widths = np.array([edge.width for edge in edges])
    assert (np.diff(weights) >= 0).all()  # the strongest are drawn last
    assert widths[-1] == pytest.approx(0.3 * 0.2)  # with full width, however strong the loops are
    wide = widths > widths.min()
    np.testing.assert_allclose(widths[wide] / np.sqrt(weights[wide]), widths[-1] / np.sqrt(weights[-1]))
    assert {edge.alpha for edge in graph.edges()} == {1.0}


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_an_edge_that_is_not_lit_can_still_be_seen(theme: Theme) -> None:
    graph = ring(9)
    graph.lit[:] = 0
    for edge in graph.edges():
        assert contrast(mix(theme.background, graph.ink, edge.alpha), theme.background) > 1.4


def test_loops_can_step_back() -> None:
    graph = ring(5)
    large = {edge.source: edge for edge in graph.edges() if edge.source == edge.target}
    others = [edge.line for edge in graph.edges() if edge.source != edge.target]
    graph.loop_size[:] = 0.5
    for edge in (edge for edge in graph.edges() if edge.source == edge.target):
        assert edge.width == pytest.approx(large[edge.source].width / 2)
        assert np.ptp(edge.line, axis=0).max() < 0.7 * np.ptp(large[edge.source].line, axis=0).max()
    for line, edge in zip(others, (edge for edge in graph.edges() if edge.source != edge.target), strict=True):
        np.testing.assert_allclose(line, edge.line)


def test_weak_edges_are_not_drawn_and_facts_are_those_of_the_drawn_ones() -> None:
    graph = ring(12)
    drawn_pairs = {(edge.target, edge.source) for edge in graph.edges()}
    assert drawn_pairs == set(map(tuple, np.argwhere(graph.weights > 0.02).tolist()))
    assert len(graph.facts()) == len(drawn_pairs)


def test_of_many_edges_into_a_node_the_strongest_are_drawn_beside_its_loop() -> None:
    whole = ring(12)
    few = WeightedGraph(whole.nodes, whole.weights, DARK, faintest=0.0, strongest=2)
    for target, weights in enumerate(whole.weights):
        others = [source for source in (-weights).argsort().tolist() if source != target]
        assert set(np.flatnonzero(few.strengths[target]).tolist()) == {target, *others[:2]}


@pytest.mark.parametrize("far", [2.0, 3.0, 8.0])
def test_edges_that_run_both_ways_between_two_chips_keep_apart(far: float) -> None:
    none = np.zeros(4, dtype=bool)
    texts = ChipTexts(np.arange(4), ("a", "b", "c", "d"), none, none, none, none)
    places = np.array([[-far / 2, -2.0], [far / 2, -2.0], [-5.0, 2.0], [5.0, 2.0]])
    weights = np.zeros((4, 4))
    weights[0, 1] = weights[1, 0] = 1
    one, other = WeightedGraph(GraphNodes(texts, STAGE, places, 0.4, DARK), weights, DARK).edges()
    middles = [edge.line[len(edge.line) // 2] for edge in (one, other)]
    assert np.hypot(*(middles[0] - middles[1])) > 1.5 * one.width


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


def star(n: int) -> tuple[WeightedGraph, int]:
    """A graph of which all edges into one node are shown, which stands in the middle."""
    graph, hub = ring(n), 0
    graph.nodes.places[hub] = STAGE.center
    graph.loops[hub] = [0.0, 1.0]
    graph.shown = graph.only(hub)
    return graph, hub


@pytest.mark.parametrize("n", [2, 3, 8, 12])
def test_numbers_lie_on_their_edges_and_nowhere_else(n: int) -> None:
    graph, hub = star(n)
    graph.labelled = graph.only(hub) > 0
    half = number_half(graph.number_size)
    places = {}
    for edge in graph.edges():
        place = graph.number_at(edge.target, edge.source)
        assert place, "there is room for all"
        assert not (np.abs(place - graph.nodes.places) < graph.nodes.halves + half - CORNER).all(axis=-1).any()
        assert all((np.abs(np.subtract(place, other)) > 2 * half - CORNER).any() for other in places.values())
        assert not (np.abs(edge.head - place) < half).all(axis=-1).any(), "it covers the arrowhead"
        if edge.source != edge.target:
            assert np.hypot(*(finely(edge.line) - place).T).min() < 0.05
        places[edge.source] = place
    assert len(places) == (graph.strengths[hub] > 0).sum()


@pytest.mark.parametrize("n", [8, 12, 16])
def test_arrowheads_into_one_node_stand_side_by_side(n: int) -> None:
    graph, hub = star(n)
    heads = [edge.head for edge in graph.edges() if edge.source != hub]
    for index, head in enumerate(heads):
        for other in heads[:index]:
            assert not covers(other, head.mean(axis=0)), "an arrowhead is over another"


def covers(triangle: NDArray[np.float64], point: NDArray[np.float64]) -> bool:
    sides = np.roll(triangle, -1, axis=0) - triangle
    to_point = point - triangle
    turns = sides[:, 0] * to_point[:, 1] - sides[:, 1] * to_point[:, 0]
    return bool((turns > 0).all() or (turns < 0).all())


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


def test_arrows_become_blocks_that_fill_the_bar() -> None:
    graph = ring(6)
    facts = [graph.fact(0, source) for source in range(6)]
    others = 1 - facts[0].value - facts[1].value
    pieces = [Piece(WORDS[source], facts[source]) for source in range(2)]
    pieces.append(Piece("4 others", facts[2], length=others, hollow=True))
    line = np.array([[-1.0, 2.0], [1.0, 2.5]])
    arrows = [ShareArrow(min(source, 2), line, 0.2, facts[source].value) for source in range(6)]
    bar = ShareBar(pieces, arrows, STAGE, Region(-2.0, -2.0, 2.0, -1.0), 0.1, 0.3, DARK)
    blocks = [bar.block(index) for index in range(6)]
    assert blocks[0].left == pytest.approx(-2.0, abs=0.01)
    assert blocks[-1].right == pytest.approx(2.0, abs=0.02)
    for before, after in pairwise(blocks):
        assert before.left < after.left
        assert after.left - before.right < 0.02
    for index, (block, arrow) in enumerate(zip(blocks, arrows, strict=True)):
        assert block.width == pytest.approx(4.0 * arrow.part, abs=0.02)
        corners = bar.shape(index)
        assert np.ptp(corners, axis=0) == pytest.approx([block.width, block.height])
    bar.arrived[:] = 0
    assert bar.shape(0).mean(axis=0) == pytest.approx([0.0, 2.25])
    assert bar.there(2) == 0
    length = np.ptp(bar.shape(0), axis=0)[0]
    bar.drawn_in[:] = 1
    assert np.ptp(bar.shape(0), axis=0)[0] < 0.3 * length


def test_a_block_lies_square_early_and_flies_around_what_it_shall_avoid() -> None:
    avoided, place = Region(-0.2, 0.6, 0.4, 1.4), Region(-2.0, -0.3, 6.0, 0.3)
    pieces = [Piece(name, Fact("weights[0][0, 0]", share)) for name, share in (("a", 0.35), ("b", 0.65))]
    arrows = [ShareArrow(1, np.array([[0.2, 2.0], [0.25, 1.9]]), 0.05, 0.05)]
    corners = np.array([[[avoided.left, avoided.bottom], [avoided.right, avoided.top]]])
    bar = ShareBar(pieces, arrows, STAGE, place, 0.2, 0.3, DARK, corners)
    for bar.arrived[0] in np.linspace(0, 1, 40):
        (left, bottom), (right, top) = bar.shape(0).min(axis=0), bar.shape(0).max(axis=0)
        assert left > avoided.right or right < avoided.left or bottom > avoided.top or top < avoided.bottom
        if bar.arrived[0] > 0.3:
            assert len(np.unique(bar.shape(0)[:, 1].round(9))) == 2
    straight = ShareBar(pieces, arrows, STAGE, place, 0.2, 0.3, DARK)
    assert straight.paces != bar.paces


def test_a_small_share_of_its_own_stands_among_the_others() -> None:
    weights = np.array([0.02, 0.5, 0.3, 0.18])
    shares = largest_shares("weights[0][0", weights, dict(enumerate("abcd")), 0, 8.0, 0.4)
    assert shares.tokens == [1, 2, -1]


@pytest.mark.parametrize("width", [3.0, 6.0, 12.0])
def test_the_pieces_of_a_bar_are_the_largest_shares_and_make_one(width: float) -> None:
    traced = trace("The cat sat on the mat because it was tired.")
    weights, names = traced.weights[0, 7], dict(enumerate(traced.labels))
    pieces, tokens = largest_shares("weights[0][7", weights, names, 7, width, 0.24)
    assert sum(piece.part for piece in pieces) == pytest.approx(1, abs=1e-5)
    assert sum(piece.share.printed for piece in pieces) == pytest.approx(1, abs=1e-9)
    assert tokens[0] == 7
    assert tokens[-1] == -1
    own = weights[tokens[1:-1]]
    assert (np.diff(own) <= 0).all()
    assert own.min(initial=1.0) >= np.delete(weights, tokens[:-1]).max()
    assert all(piece.fits(width, 0.24) for piece in pieces)
