import numpy as np
import pytest

from scenes.carrying.turns import Turns

COLUMN = np.stack([np.full(9, -5.0), np.linspace(2.5, -2.5, 9)], axis=-1)
ROW = np.stack([np.linspace(-5, 5, 9), np.full(9, -2.8)], axis=-1)
HALVES = np.tile([0.5, 0.3], (9, 1)), np.tile([0.4, 0.2], (9, 1))
EVERY = np.ones(9, dtype=bool)


def ring() -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    return np.stack([5 * np.cos(angles), 2.2 * np.sin(angles)], axis=-1)


@pytest.mark.parametrize("ends", [COLUMN, ROW], ids=["column", "row"])
def test_all_arrive_and_none_meets_another(ends: np.ndarray) -> None:
    turns = Turns(ring(), ends, HALVES, EVERY)
    assert turns.flying.all()
    np.testing.assert_allclose(turns.places(0.0), ring())
    np.testing.assert_allclose(turns.places(1.0), ends)
    for share in np.linspace(0, 1, 61):
        places = turns.places(share)
        halves = HALVES[0] + turns.grown(share)[:, None] * (HALVES[1] - HALVES[0])
        apart = np.abs(places[:, None] - places) - halves[:, None] - halves
        assert (apart.max(axis=-1)[~np.eye(9, dtype=bool)] >= 0).all()


def test_at_most_three_are_in_the_air() -> None:
    turns = Turns(ring(), ROW, HALVES, EVERY)
    for share in np.linspace(0, 1, 61):
        grown = turns.grown(share)
        assert ((grown > 1e-9) & (grown < 1 - 1e-9)).sum() <= 3


def test_one_that_is_shut_in_stays() -> None:
    starts = np.array([[0.0, 2.0], [0.0, 0.0], [3.0, 0.0]])
    halves = np.full((3, 2), 0.4), np.full((3, 2), 0.4)
    ends = starts[[0, 0, 2]]
    assert Turns(starts, ends, halves, np.array([True, True, False])).flying.tolist() == [True, False, False]
