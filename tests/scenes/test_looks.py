"""What a mobject's look leaves out would not be drawn anew when it changes: nothing that it paints with is left out."""

from typing import Any

import cairo
import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.clips import CLIPS, Clip
from scenes.drawing.drawn_mobject import DrawnMobject
from tests.scenes.played import play

SIZE = 640, 360


def picture(mobject: DrawnMobject) -> NDArray[np.uint8]:
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *SIZE)
    context: Any = cairo.Context(surface)
    context.set_matrix(cairo.Matrix(45, 0, 0, -45, SIZE[0] / 2, SIZE[1] / 2))
    mobject.draw(context)
    return np.frombuffer(surface.get_data(), np.uint8).copy()


def used_by(mobject: DrawnMobject) -> list[DrawnMobject]:
    """Return the mobject and those that it follows."""
    return [mobject, *(value for value in vars(mobject).values() if isinstance(value, DrawnMobject))]


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.scene)
def test_a_look_tells_all_that_is_painted(clip: Clip) -> None:
    choices = {"other": "The dog sat."} if clip.scene == "Comparison" else {}
    _, seen = play(clip.scene_class(), sentence="The cat sat.", **choices)
    faults, told = set(), 0
    for mobject in seen:
        if not isinstance(mobject, DrawnMobject):
            continue
        for other in used_by(mobject):
            for name in other.changing:
                before = getattr(other, name)
                look, drawn = mobject.look(), picture(mobject)
                setattr(other, name, np.where(before > 0.5, before * 0.9, before + 0.1))
                differs = not np.array_equal(picture(mobject), drawn)
                told += differs
                if differs and mobject.look() == look:
                    faults.add(f"{type(mobject).__name__} leaves out {type(other).__name__}.{name}")
                setattr(other, name, before)
    assert told > 10
    assert faults == set()
