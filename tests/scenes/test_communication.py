"""Where the tokens stand around the one that asks, and how edges reach it."""

import numpy as np
import pytest

from scenes.communication_parts.around import around
from scenes.mobjects.edge_routes import Chips, Shapes
from scenes.mobjects.straight_router import StraightRouter
from scenes.places.layout import Region

STAGE = Region(-6.0, -3.0, 6.0, 3.0)
BAND = 0.6


@pytest.mark.parametrize("count", range(1, 16))
@pytest.mark.parametrize("backward", [False, True])
def test_chips_around_a_middle_leave_its_height_and_their_ways_free(count: int, backward: bool) -> None:
    halves = np.tile([0.5, 0.25], (count, 1))
    places = around(STAGE, halves, 0.15, BAND, np.ones(count), backward=backward)
    assert places is not None
    assert (np.abs(places) + halves <= [6.0, 3.0]).all()
    assert (np.abs(places[:, 1]) >= BAND + 0.25 - 1e-6).all()
    apart = np.abs(places[:, None] - places) - 2 * halves
    assert (apart.max(axis=-1)[~np.eye(count, dtype=bool)] > 0.1).all()
    along = np.linspace(0, 1, 50)[:, None]
    for index in range(count):
        way = along * places[index]
        others = np.delete(places, index, axis=0)
        assert not (np.abs(way[:, None] - others) < halves[0]).all(axis=-1).any()


def test_the_stronger_has_more_room_beside_it() -> None:
    halves, weights = np.tile([0.5, 0.25], (10, 1)), np.ones(10)
    even = around(STAGE, halves, 0.15, BAND, weights)
    weights[4] = 3.0
    uneven = around(STAGE, halves, 0.15, BAND, weights)
    assert even is not None
    assert uneven is not None
    gaps = [np.hypot(*np.diff(places[3:6], axis=0).T).sum() for places in (even, uneven)]
    assert gaps[1] > gaps[0]


def test_what_has_no_room_has_no_places() -> None:
    assert around(STAGE, np.tile([2.0, 0.25], (12, 1)), 0.15, BAND, np.ones(12)) is None


def test_edges_go_straight_and_do_not_cross_and_numbers_lie_apart() -> None:
    halves = np.tile([0.5, 0.25], (10, 1))
    around_it = around(STAGE, halves, 0.15, BAND, np.ones(10))
    assert around_it is not None
    chips = Chips(np.vstack([around_it, [0.0, 0.0]]), np.vstack([halves, [0.6, 0.3]]))
    pairs = np.array([(source, 10) for source in range(11)])
    heads = np.tile([0.2, 0.1], (11, 1))
    shapes = Shapes(np.zeros(2), 0.08, np.array([0.35, 0.15]), np.tile([1.0, 0.0], (11, 1)), 0.6, 0.6)
    routes = StraightRouter().route(chips, pairs, np.ones(11, dtype=bool), heads, shapes)
    straight = routes.points[:10]
    np.testing.assert_allclose(np.diff(straight, 2, axis=1), 0, atol=1e-9)
    assert not np.isnan(routes.labels).any()
    apart = np.abs(routes.labels[:, None] - routes.labels) >= 2 * shapes.label
    assert apart.any(axis=-1)[~np.eye(11, dtype=bool)].all()
