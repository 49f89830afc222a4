"""Each check of the audit finds its fault in a picture that has it, and nothing in one that has not."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import outline
from scenes.explainer_scene import ExplainerScene
from scenes.look.theme import WEIGHT, Rgb, Scale, mix, probability_scale
from scenes.mobjects.label import Caption, Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.stage_strip import STAGES, StageStrip
from scenes.mobjects.tensor import Tensor
from scenes.places.layout import Region
from scenes.score_matrix_parts.bars import Bars
from tests.scenes.audit.checks import CLIP_CHECKS, JOIN_CHECKS, PICTURE_CHECKS, between, found_in
from tests.scenes.audit.recording import Recording, record

Steps = Callable[["_Small"], None]

_SIZE = 0.4  # em of texts that are large enough, scene units
_WIDE = "A label that is so long that it takes half of the stage"


class Plate(DrawnMobject):
    """A filled rectangle."""

    def __init__(self, region: Region, color: Rgb) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.ink = color

    def paint(self, context: Context, width: float, height: float) -> None:
        context.rectangle(0, 0, width, height)
        set_color(context, self.ink, self.opacity[0])
        context.fill()


class Window(Label):
    """A label of which only the left part is seen."""

    share = 0.5

    def paint(self, context: Context, width: float, height: float) -> None:
        context.rectangle(0, 0, width * self.share, height)
        context.clip()
        super().paint(context, width, height)


class _Small(ExplainerScene):
    """A clip without a sound picture of its own: what it shows is given."""

    stage = "text"
    steps: Steps

    def construct(self) -> None:
        type(self).steps(self)

    def label(self, text: str, x: float = 0.0, y: float = 0.0, size: float = _SIZE) -> Label:
        label = Label(text, self.theme.text, size)
        label.move_to((x, y, 0))
        self.add(label)
        return label

    def stand_caption(self, text: str, seconds: float) -> None:
        caption = Caption(text, self.theme.text, 0.45, self.frame.caption.width)
        caption.move_to((*self.frame.caption.center, 0))
        self.label(_WIDE)
        self.add(caption)
        self.wait(0.1)
        other = Caption(text, self.theme.text, 0.45, self.frame.caption.width)
        other.move_to((*self.frame.caption.center, 0))
        self.remove(caption)
        self.add(other)
        self.wait(seconds)
        self.remove(other)
        self.wait(0.1)


def played(steps: Steps, name: str = "Small", **choices: str) -> Recording:
    return record(type(name, (_Small,), {"steps": staticmethod(steps)}), sentence="Hi", **choices)


def check(steps: Steps, **choices: str) -> set[str]:
    return {finding.check for finding in found_in(played(steps, **choices))}


def text_of(size: float) -> Steps:
    return lambda scene: (scene.label(_WIDE, size=size), scene.wait(1))[-1]


def two_texts(apart: float) -> Steps:
    def steps(scene: _Small) -> None:  # one text stops short of the other, or goes through it
        scene.label(_WIDE)
        passing = scene.label("passing by", x=-2, y=2)
        scene.play(Change(passing, points=passing.points + np.array([4, -apart, 0])))
        scene.play(Change(passing, points=passing.points + np.array([0, apart, 0])))

    return steps


def text_and_plate(above: bool, right: float, color: Rgb | None = None) -> Steps:
    def steps(scene: _Small) -> None:
        plate = Plate(Region(-6, -0.5, right, 0.5), color or scene.theme.surface)
        scene.add(plate)
        scene.label(_WIDE)
        if above:
            scene.remove(plate)
            scene.add(plate)
        scene.wait(1)

    return steps


def line_at(y: float) -> Steps:
    def steps(scene: _Small) -> None:
        scene.label(_WIDE)
        scene.add(Ring(Region(-6.5, y, 6.5, y + 1), scene.theme.text))
        scene.wait(1)

    return steps


def text_of_strength(opacity: float) -> Steps:
    return lambda scene: (scene.label(_WIDE).set_opacity(opacity), scene.wait(1))[-1]


def bar_of_strength(share: float) -> Steps:
    def steps(scene: _Small) -> None:
        scene.label(_WIDE)
        scene.add(Plate(Region(-5, -2, 5, -1), mix(scene.theme.background, scene.theme.text, share)))
        scene.wait(1)

    return steps


def cells(power: float, limit: float = 1.0) -> Steps:
    def steps(scene: _Small) -> None:
        scale = Scale(WEIGHT, limit, scene.theme, power)
        scene.add(Tensor(np.full((2, 2), 0.25), scale, field="weights[0]").place(0, 0, 8, 4))
        scene.wait(1)

    return steps


def text_in_window(share: float) -> Steps:
    def steps(scene: _Small) -> None:
        label = Window(_WIDE, scene.theme.text, _SIZE)
        label.share = share
        scene.add(label)
        scene.wait(1)

    return steps


def said_for(seconds: float) -> Steps:
    return lambda scene: scene.stand_caption("A caption of so many characters", seconds)


def coming_and_going(gap: float) -> Steps:
    def steps(scene: _Small) -> None:
        scene.label(_WIDE)
        other = scene.label("here", y=2)
        scene.wait(0.5)
        other.set_opacity(0)
        scene.wait(gap)
        other.set_opacity(1)
        scene.wait(1)

    return steps


def empty_for(seconds: float) -> Steps:
    def steps(scene: _Small) -> None:
        label = scene.label(_WIDE)
        scene.wait(1)
        scene.remove(label)
        scene.wait(seconds)
        scene.add(label)
        scene.wait(1)

    return steps


def small_things(count: int) -> Steps:
    def steps(scene: _Small) -> None:
        for place in range(count):
            scene.label("a", x=place - 4)
        scene.wait(1)

    return steps


def flying(ways: int) -> Steps:
    def steps(scene: _Small) -> None:
        scene.label(_WIDE)
        labels = [scene.label("abcde"[index], x=2 * index - 4, y=1) for index in range(5)]
        scene.play(
            *(
                Change(label, points=label.points + np.array([0, 0.3 * min(index, ways), 0]))
                for index, label in enumerate(labels, start=1)
            )
        )

    return steps


def stages(*names: str) -> Steps:
    def steps(scene: _Small) -> None:
        scene.label(_WIDE)
        for name in names:
            scene.strip.lit = StageStrip.at(name)
            scene.wait(0.5)

    return steps


def bars(printed: float) -> Steps:
    def steps(scene: _Small) -> None:
        drawn = Bars([Fact("weights[0][0, 0]", 0.5), Fact("weights[0][0, 1]", 0.5)], WEIGHT, _SIZE, scene.theme)
        drawn.place(0, 0, 9, 3).printed[:] = printed
        full, drawn.lengths = drawn.lengths, drawn.lengths * 0
        scene.add(drawn)
        scene.play(Change(drawn, lengths=full))

    return steps


def beside_the_logo(x: float) -> Steps:
    def steps(scene: _Small) -> None:
        scene.frame = replace(scene.frame, marked=("top right", 1.0))
        scene.label(_WIDE)
        scene.label("near", x=x, y=3.4)
        scene.wait(1)

    return steps


FAULTS: dict[str, tuple[Steps, Steps]] = {  # a clip with the fault, and one without it
    "small text": (text_of(0.2), text_of(0.25)),
    "outside the safe area": (
        lambda scene: (scene.label(_WIDE), scene.label("out", x=6.6), scene.wait(1))[-1],
        lambda scene: (scene.label(_WIDE), scene.label("in", x=6, y=2), scene.wait(1))[-1],
    ),
    "text cut": (text_in_window(0.9), text_in_window(1.1)),
    "texts overlap": (two_texts(2.0), two_texts(1.0)),
    "text on a shape": (text_and_plate(above=False, right=0), text_and_plate(above=False, right=6)),
    "text covered": (text_and_plate(above=True, right=0), text_and_plate(above=True, right=-5.9)),
    "line over a text": (line_at(0.0), line_at(-0.5)),
    "logo met": (beside_the_logo(5.9), beside_the_logo(4.9)),
    "faint text": (text_of_strength(0.2), text_of_strength(0.6)),
    "faint shape": (bar_of_strength(0.08), bar_of_strength(0.3)),
    "faint cells": (cells(power=1.0), cells(power=0.2)),
    "caption too short": (said_for(2.0), said_for(3.0)),
    "caption too long": (said_for(7.5), said_for(6.0)),
    "flash": (coming_and_going(0.3), coming_and_going(1.0)),
    "empty stage": (empty_for(0.4), empty_for(0.15)),
    "small picture": (small_things(3), small_things(9)),
    "crowded air": (flying(4), flying(3)),
    "strip backward": (stages("tokens", "text"), stages("text", "tokens")),
    "number on the way": (bars(1.0), bars(0.0)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_its_absence_too(name: str) -> None:
    faulty, sound = FAULTS[name]
    assert name in check(faulty)
    assert name not in check(sound)


def test_every_check_has_a_picture_with_its_fault() -> None:
    names = {*PICTURE_CHECKS, *CLIP_CHECKS}
    assert names == set(FAULTS)
    assert set(JOIN_CHECKS) == {"cut", "strip backward"}


def test_on_a_phone_text_must_be_larger() -> None:
    assert "small text" not in check(text_of(0.25), frame="16:9")
    assert "small text" in check(text_of(0.25), frame="9:16")


def test_transparent_text_is_read_on_black_and_on_white() -> None:
    class Bare(Label):
        """A label that says that it stands on a shape."""

        def paint(self, context: Context, width: float, height: float) -> None:  # noqa: ARG002
            context.scale(_SIZE, _SIZE)
            outline(_WIDE).draw(context, self.parts[0][1], plated=True)

    def faint(steps: Steps) -> set[str]:
        found = found_in(played(steps, theme="transparent"))
        return {finding.what for finding in found if finding.check == "faint text"}

    def bare(scene: _Small) -> None:
        scene.add(Bare(_WIDE, scene.theme.text, _SIZE))
        scene.wait(1)

    assert faint(bare)
    assert not faint(text_of(_SIZE))
    assert not faint(text_and_plate(above=False, right=6))


def test_scores_drawn_on_the_scale_of_larger_ones_look_empty() -> None:
    assert "faint cells" in check(cells(power=1.0, limit=20.0))


def test_a_number_may_leave_its_cell_and_land_in_another() -> None:
    def fly(stop: float) -> Steps:
        def steps(scene: _Small) -> None:
            scene.add(Tensor(np.ones((1, 3)), probability_scale(WEIGHT, scene.theme)).place(0, 0, 9, 1.5))
            scene.mobjects[-1].printed[:] = 0  # type: ignore[attr-defined]
            number = scene.label("12", x=-3)
            scene.wait(0.5)
            for x, y in ((-3, 2), (stop, 2), (stop, 0)):
                scene.play(Change(number, points=number.points + np.array([x, y, 0]) - number.get_center()))
            scene.wait(0.5)

        return steps

    assert "text on a shape" not in check(fly(3))
    assert "text on a shape" in check(fly(1.5))


def test_a_picture_that_moves_as_a_whole_is_one_thing() -> None:
    def steps(scene: _Small) -> None:
        labels = [scene.label("abcde"[index], x=2 * index - 4) for index in range(5)]
        scene.play(*(Change(label, points=1.2 * label.points + np.array([0.5, 0, 0])) for label in labels))

    assert "crowded air" not in check(steps)


def test_a_join_is_one_picture() -> None:
    def other(scene: _Small) -> None:
        scene.label("Something else that stands on the stage")
        scene.wait(1)

    first, same, different = (
        played(steps, name) for name, steps in zip("ABC", [text_of(_SIZE)] * 2 + [other], strict=True)
    )
    assert between([first, same]) == []
    assert [finding.check for finding in between([first, different])] == ["cut"]


def test_the_strip_does_not_go_back_between_clips() -> None:
    first, last = played(stages(STAGES[2]), "A"), played(stages(STAGES[1]), "B")
    assert "strip backward" in {finding.check for finding in between([first, last])}
    assert "strip backward" not in {finding.check for finding in between([last, first])}
