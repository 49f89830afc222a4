import numpy as np
import pytest

from scenes.carrying.bending import bend
from scenes.directed_graph_parts.ring_places import ring_places
from scenes.places.layout import Region

STAGE = Region(-6.0, -3.0, 6.0, 3.0)
HALVES = np.tile([0.3, 0.2], (9, 1))
ROW = np.stack([np.linspace(-5, 5, 9), np.full(9, -2.5)], axis=-1)
COLUMN = np.stack([np.linspace(-5, -4.5, 9), np.linspace(2.5, -2.5, 9)], axis=-1)


def ring(*, backward: bool = False) -> np.ndarray:
    """Return places on a ring whose ends meet at the bottom."""
    places = ring_places(STAGE, HALVES, 0.1, backward=backward)
    assert places is not None
    return -places


@pytest.mark.parametrize("starts", [ROW, ROW * [-1, 1], COLUMN], ids=["row", "row backward", "column"])
@pytest.mark.parametrize("backward", [False, True])
def test_a_line_bends_to_a_ring_within_the_room_of_both(starts: np.ndarray, backward: bool) -> None:
    ends = ring(backward=backward)
    bent = bend(starts, ends, (HALVES, HALVES))
    np.testing.assert_allclose(bent(0.0), starts, atol=1e-9)
    np.testing.assert_allclose(bent(1.0), ends, atol=1e-9)
    both = np.concatenate([starts, ends])
    for share in np.linspace(0, 1, 21):
        assert (bent(share) >= both.min(axis=0) - 1e-9).all()
        assert (bent(share) <= both.max(axis=0) + 1e-9).all()


def test_chips_keep_their_order_and_their_distance_while_a_row_bends() -> None:
    ends = ring()
    bent = bend(ROW, ends, (HALVES, HALVES))
    for share in np.linspace(0, 1, 21):
        apart = np.abs(np.diff(bent(share), axis=0)) - 2 * HALVES[1:]
        assert (apart.max(axis=1) > -0.01).all()


def test_a_sentence_runs_from_the_top_as_a_clocks_hand_and_backward_the_other_way() -> None:
    for backward, side in ((False, 1), (True, -1)):
        places = ring_places(STAGE, HALVES, 0.1, backward=backward)
        assert places is not None
        assert places[0, 0] * side > 0
        assert places[0, 0] == pytest.approx(-places[-1, 0], abs=0.05)
        assert places[4, 1] == places[:, 1].min()


def test_one_chip_stays_one() -> None:
    bent = bend(np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]]), (HALVES[:1], HALVES[:1]))
    np.testing.assert_allclose(bent(0.5), [[0.5, 1.0]])
