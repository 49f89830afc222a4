"""What is kept and laid again looks as if it had been drawn."""

from collections.abc import Callable
from typing import Any

import cairo
import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.drawing import kept
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import noting
from tests.scenes.test_weighted_graph import ring

SIZE = 640, 360


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    kept._kept.clear()


def picture(*mobjects: DrawnMobject) -> NDArray[np.int64]:
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *SIZE)
    context = cairo.Context(surface)
    context.set_source_rgb(0.1, 0.1, 0.1)
    context.paint()
    context.set_matrix(cairo.Matrix(45, 0, 0, -45, SIZE[0] / 2, SIZE[1] / 2))
    for mobject in mobjects:
        mobject.draw(context)
    return np.frombuffer(surface.get_data(), np.uint8).reshape(*SIZE[::-1], 4).astype(int)


def _row_lit(graph: Any) -> None:
    graph.lit = graph.only(3)


def _half_grown(graph: Any) -> None:
    graph.lit = graph.only(2, 0.5)
    graph.grown = graph.only(1, 0.4, 1.0)


def _faded(graph: Any) -> None:
    graph.set_opacity(0.4)


@pytest.mark.parametrize("change", [_row_lit, _half_grown, _faded])
@pytest.mark.parametrize("tokens", [2, 9, 24])
def test_a_kept_picture_looks_as_what_is_drawn(tokens: int, change: Callable[[Any], None]) -> None:
    graph = ring(tokens)
    before = picture(graph, graph.nodes)
    assert np.ptp(before[..., :3]) > 50, "nothing was drawn"
    if tokens > 3:
        change(graph)
        assert (picture(graph, graph.nodes) != before).any()
    anew = picture(graph, graph.nodes)
    again = picture(graph, graph.nodes)
    with noting() as marks:
        directly = picture(graph, graph.nodes)
    assert marks, "what is drawn while someone listens leaves marks"
    np.testing.assert_array_equal(anew, again)
    assert np.abs(anew - directly).max() <= 3  # rounded once more where several edges lie on each other


def test_what_rests_is_drawn_once() -> None:
    calls = []
    context = cairo.Context(cairo.ImageSurface(cairo.FORMAT_ARGB32, 8, 8))
    for look in ("one", "one", "other", "one"):
        kept.draw_kept(context, look, lambda _, look=look: calls.append(look))
    assert calls == ["one", "other"]
    context.scale(2, 2)
    kept.draw_kept(context, "one", lambda _: calls.append("larger"))
    assert calls[-1] == "larger"


def test_a_page_gets_strokes_and_no_pictures() -> None:
    calls = []
    context: Any = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, None))
    for _ in range(2):
        kept.draw_kept(context, "one", calls.append)
    assert calls == [context, context]
