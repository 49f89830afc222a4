"""Places of products and of the whole diagram: inside what they may use, and clear of each other."""

from itertools import combinations

import pytest

from attention.settings import FRAMES, FrameName
from scenes.broader_picture_parts.diagram_places import MAPS, TRAINED, Needs, place_diagram
from scenes.places.layout import Frame, Region
from scenes.places.product_places import place_products
from scenes.query_key_value_parts.side_by_side import place_side_by_side


def apart(first: Region, second: Region) -> bool:
    across = first.right <= second.left + 1e-9 or second.right <= first.left + 1e-9
    return across or first.top <= second.bottom + 1e-9 or second.top <= first.bottom + 1e-9


def inside(part: Region, whole: Region) -> bool:
    return (
        part.left >= whole.left - 1e-9
        and part.right <= whole.right + 1e-9
        and part.bottom >= whole.bottom - 1e-9
        and part.top <= whole.top + 1e-9
    )


@pytest.mark.parametrize("rows", [1, 5, 24])
@pytest.mark.parametrize("columns", [[5], [5, 5, 7]])
def test_products_stand_where_rows_and_columns_meet(rows: int, columns: list[int]) -> None:
    whole = Region(-6, -3, 6, 2.5)
    places = place_products(whole, (rows, 6), columns, 1.2, (0.7, 0.5))
    for top, product, count in zip(places.tops, places.products, columns, strict=True):
        assert (top.left, top.right) == (product.left, product.right)
        assert (product.bottom, product.top) == (places.left.bottom, places.left.top)
        assert top.bottom > product.top
        assert product.width / count == pytest.approx(places.left.width / 6)
    parts = [places.row_names, places.left, *places.tops, *places.products]
    assert all(inside(part, whole) for part in parts)
    assert all(apart(*pair) for pair in combinations(parts, 2))
    assert places.left.height / rows <= 0.5 + 1e-9


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("rows", [1, 11, 24])
def test_the_diagrams_parts_are_clear_of_each_other(name: FrameName, rows: int) -> None:
    frame = Frame(name)
    places = place_diagram(frame, rows, Needs(frame.text * 3, frame.text * 1.2, frame.text * 4, frame.text))
    assert set(places.maps) == set(places.names) == set(MAPS)
    assert set(places.shapes) == set(TRAINED)
    parts = [*places.maps.values(), places.chips, places.formula]
    assert all(inside(part, frame.stage) for part in parts)
    assert all(apart(*pair) for pair in combinations(parts, 2))


@pytest.mark.parametrize("rows", [1, 11, 24])
@pytest.mark.parametrize("columns", [[12], [12, 6, 6, 6]])
def test_matrices_with_the_same_rows_stand_beside_each_other(rows: int, columns: list[int]) -> None:
    whole = Region(-6, -3, 6, 2.5)
    places = place_side_by_side(whole, rows, columns, 1.2, (0.7, 0.5), (0.1, 0.4))
    parts = [places.row_names, *places.cells]
    assert all(inside(part, whole) for part in parts)
    assert all(apart(*pair) for pair in combinations(parts, 2))
    widths = {round(part.width / count, 9) for part, count in zip(places.cells, columns, strict=True)}
    assert len(widths) == 1
    assert {(part.bottom, part.top) for part in parts} == {(parts[0].bottom, parts[0].top)}
