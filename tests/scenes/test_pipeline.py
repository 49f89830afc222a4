import numpy as np
import pytest
from manim import tempconfig

from scenes.broader_picture_parts.pipeline import Arrow, Pipeline, join_outlines
from scenes.drawing.camera import DrawingCamera
from scenes.drawing.change import Change
from scenes.drawing.marks import noting
from scenes.look.theme import KEY, QUERY, THEMES
from scenes.places.layout import Region
from tests.scenes.played import QUIET

DARK = THEMES["dark"]
WHOLE = Region(-6, -3, 6, 3)
LEFT = Region(-5, -1, -3, 1)


def pipeline(*arrows: Arrow) -> Pipeline:
    return Pipeline(WHOLE, arrows, 0.05, DARK)


def drawn(mobject: Pipeline) -> np.ndarray:
    with tempconfig({**QUIET, "pixel_width": 480, "pixel_height": 270}):
        camera = DrawingCamera(background_color="#000000")
        camera.capture_mobjects([mobject])
        return camera.pixel_array.copy()


def on_border(point: tuple[float, float], region: Region) -> bool:
    x, y = point
    inside = region.left <= x <= region.right and region.bottom <= y <= region.top
    return inside and (x in (region.left, region.right) or y in (region.bottom, region.top))


@pytest.mark.parametrize(
    ("target", "across"),
    [
        (Region(2, -1, 4, 1), True),
        (Region(2, 1.5, 4, 2.5), True),
        (Region(0, -3, 1, -2), True),
        (Region(-5, -3, -3, -2), False),
        (Region(-3, -3, 5, -2), False),
    ],
    ids=["right", "right and up", "right and down", "under", "under, aside"],
)
def test_arrows_start_and_end_at_the_borders_of_what_they_join(target: Region, across: bool) -> None:
    arrow = join_outlines(LEFT, target, QUERY, across=across)
    assert on_border(arrow.start, LEFT)
    assert on_border(arrow.end, target)
    inner = arrow.at(np.linspace(0.01, 0.99, 50))
    for region in (LEFT, target):
        above, below = inner > (region.left, region.bottom), inner < (region.right, region.top)
        assert not (above & below).all(axis=1).any()


def test_arrows_are_straight_between_regions_that_face_each_other() -> None:
    across = join_outlines(LEFT, Region(2, 0, 4, 3), QUERY, across=True)
    down = join_outlines(LEFT, Region(-4, -3, -1, -2), QUERY, across=False)
    assert across.start[1] == across.end[1]
    assert down.start[0] == down.end[0]


def test_arrows_that_come_from_two_sides_end_apart() -> None:
    target = Region(2, -0.4, 4, 0.4)
    upper = join_outlines(Region(-1, 1, 0, 2), target, QUERY, across=True)
    lower = join_outlines(Region(-1, -2, 0, -1), target, KEY, across=True)
    assert upper.end[1] - lower.end[1] > 0.4


def test_an_arrow_that_drops_ends_straight_down() -> None:
    arrow = Arrow((-4, 3), (2, -1), False, QUERY, drop=2.0)
    assert arrow.at(1.0).tolist() == pytest.approx([2, -1])
    assert arrow.at(np.linspace(0.81, 1, 5))[:, 0] == pytest.approx(2)
    assert arrow.at(0.79)[1] > 1


def test_an_arrow_that_turns_leaves_across_and_arrives_from_below() -> None:
    arrow = Arrow((-4, -2), (3, 2), True, QUERY, turns=True)
    ends = arrow.at(np.array([0.0, 0.3, 0.9, 1.0]))
    assert ends[:2, 1] == pytest.approx(-2)
    assert ends[2:, 0] == pytest.approx(3)
    assert ends[-1].tolist() == pytest.approx([3, 2])


def test_a_pulse_is_where_it_says() -> None:
    arrows = pipeline(Arrow((-4, 0), (4, 0), True, QUERY))
    plain = drawn(arrows)
    for share, x in ((0.5, 0.0), (0.8, 2.016)):
        arrows.pulse = np.array([share])
        assert arrows.arrows[0].at(share)[0] == pytest.approx(x, abs=0.01)
        columns = np.argwhere((drawn(arrows) != plain).any(axis=-1))[:, 1]
        head = (columns.max() / 480 - 0.5) * 128 / 9
        assert head == pytest.approx(x, abs=0.25)


def test_there_is_no_pulse_at_the_ends() -> None:
    arrows = pipeline(join_outlines(LEFT, Region(2, 1.5, 4, 2.5), QUERY, across=True))
    plain = drawn(arrows)
    arrows.pulse = np.ones(1)
    assert (drawn(arrows) == plain).all()


def test_each_arrow_lights_alone() -> None:
    arrows = pipeline(Arrow((-4, 2), (4, 2), True, QUERY), Arrow((-4, -2), (4, -2), True, KEY))
    plain = drawn(arrows)
    change = Change(arrows, lit=[1, 0])
    change.begin()
    change.interpolate(1)
    rows = np.argwhere((drawn(arrows) != plain).any(axis=-1))[:, 0]
    assert rows.max() < 135


def test_lines_and_heads_are_noted_for_the_audit() -> None:
    arrows = pipeline(Arrow((-4, 0), (4, 0), True, QUERY))
    with noting() as marks:
        drawn(arrows)
    line, head = marks
    assert line.kind == head.kind == "line"
    # 480 pixels are 128/9 scene units
    assert head.points[:, 0].max() == pytest.approx(240 + 4 * 480 * 9 / 128, abs=1)
    assert line.points[:, 0].max() == pytest.approx(head.points[:, 0].min(), abs=1)
