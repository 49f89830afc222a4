import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention.settings import FRAMES, FrameName
from scenes.places.layout import Frame, visible_slots
from scenes.places.matrix_places import place_matrix


@given(st.integers(1, 100), st.integers(3, 40))
def test_visible_slots_are_the_first_and_last_ones(count: int, most: int) -> None:
    slots = visible_slots(count, most)
    assert len(slots) == min(count, most)
    assert slots[0] == 0
    assert slots[-1] == count - 1
    assert (slots < 0).sum() == (count > most)
    assert (np.diff(slots[slots >= 0]) >= 1).all()


@pytest.mark.parametrize("name", FRAMES)
def test_the_regions_lie_in_the_safe_area_and_apart(name: FrameName) -> None:
    frame = Frame(name)
    width, height = frame.pixels((480, 480))
    assert (width % 2, height % 2) == (0, 0)
    assert width / height == pytest.approx(frame.width / frame.height, abs=0.005)
    assert frame.safe.top == pytest.approx(frame.height * 0.46)
    assert frame.safe.bottom <= frame.caption.bottom < frame.caption.top < frame.stage.bottom
    assert frame.safe.bottom < Frame(name, captioned=False).stage.bottom < frame.caption.top
    assert frame.stage.top < frame.strip.bottom < frame.strip.top <= frame.safe.top


@given(st.integers(1, 24), st.integers(1, 24), st.floats(0.1, 1.5), st.floats(0.1, 1.5), st.floats(0, 1))
def test_a_matrix_stays_in_its_region(rows: int, columns: int, across: float, above: float, factor: float) -> None:
    region = Frame("16:9").stage
    places = place_matrix(region, (rows, columns), (across, above), (0.9, 0.6), (factor, factor))
    for part in (places.cells, places.row_names, places.column_names, places.left, places.top):
        assert part.left >= region.left - 1e-9
        assert part.right <= region.right + 1e-9
        assert part.bottom >= region.bottom - 1e-9
        assert part.top <= region.top + 1e-9
    assert places.row_names.right <= places.left.left + 1e-9
    assert places.left.right <= places.cells.left
    assert places.column_names.bottom >= places.top.top - 1e-9
