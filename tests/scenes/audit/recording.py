"""Playing a clip frame by frame without drawing: a :class:`Recording` of what stands where, and when."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import cairo
import numpy as np
from manim import Mobject, tempconfig
from manim.utils.iterables import list_update
from numpy.typing import NDArray

from attention.settings import Settings
from scenes.drawing.camera import DrawingCamera
from scenes.drawing.canvas import Pixels
from scenes.drawing.drawn_mobject import DrawnMobject, Look
from scenes.drawing.renderer import DrawingRenderer
from scenes.explainer_scene import ExplainerScene
from scenes.look.theme import Theme
from scenes.mobjects.tensor import Tensor
from scenes.places.layout import SAFE_MARGIN, Region
from tests.scenes.audit.ink import Box, Ink, NotingContext
from tests.scenes.played import QUIET

FRAMES_A_SECOND = 15
QUICK = {**QUIET, "dry_run": True, "quality": "low_quality", "disable_caching": True}  # 480p, 15 frames a second
VISIBLE = 0.12  # opacity from which something counts
KINDS = ("text", "line", "shape")

_MANY = 8  # shapes of one size, of one mobject, are cells


@dataclass(eq=False)
class Drawn:
    """One mobject as it stands in one or more pictures."""

    mobject: DrawnMobject
    look: Look
    inks: list[Ink]
    values: dict[str, NDArray[Any]]  # its arrays that can change
    facts: bool = False

    @cached_property
    def kinds(self) -> dict[str, list[Ink]]:
        """The texts, lines and shapes that it draws."""
        return {kind: [ink for ink in self.inks if ink.kind == kind] for kind in KINDS}

    @cached_property
    def seen(self) -> list[Ink]:
        """What of it can be seen."""
        return [ink for ink in self.inks if ink.alpha >= VISIBLE]

    @cached_property
    def boxes(self) -> NDArray[np.float64]:
        """The boxes of what can be seen, (n, 4)."""
        return np.array([ink.box for ink in self.seen], dtype=float).reshape(-1, 4)

    @cached_property
    def kind_numbers(self) -> NDArray[np.int64]:
        """Which of the ``KINDS`` each of what can be seen is, (n,)."""
        return np.array([KINDS.index(ink.kind) for ink in self.seen], dtype=int)

    @cached_property
    def cells(self) -> set[int]:
        """The ids of shapes that have so many others of their size beside them that they may hold nothing."""
        shapes = [ink for ink in self.seen if ink.kind == "shape"]
        if isinstance(self.mobject, Tensor):
            return {id(ink) for ink in shapes}
        boxes = self.boxes[self.kind_numbers == KINDS.index("shape")]
        sizes = boxes[:, 2:] - boxes[:, :2]
        alike = (np.abs(sizes[:, None] - sizes) < 0.5).all(axis=2).sum(axis=1)
        return {id(ink) for ink, count in zip(shapes, alike.tolist(), strict=True) if count >= _MANY}


@dataclass(eq=False)
class Picture:
    """What stands on the screen from ``time`` on for ``seconds``, in drawing order.

    The last picture of an animation stands for no time: it is what the next one begins with. ``rest`` says that
    nothing moves while it stands.
    """

    time: float
    seconds: float
    drawn: list[Drawn]
    last: bool = False
    rest: bool = False
    before: "Picture | None" = None
    meetings: list[tuple[Ink, Ink, float]] | None = None  # texts and shapes that meet, once looked for
    index: int = 0

    @cached_property
    def resting(self) -> set[int]:
        """The ids of the inks of mobjects that look as in the picture before, or that stand in a picture at rest."""
        then = {id(drawn) for drawn in self.before.drawn} if self.before else set()
        return {id(ink) for drawn in self.drawn if self.rest or id(drawn) in then for ink in drawn.inks}

    def place(self, ink: Ink) -> int:
        """Return where in the drawing order something comes."""
        return self._places[id(ink)]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(ink): place for place, ink in enumerate(self.inks)}

    @cached_property
    def inks(self) -> list[Ink]:
        """All that can be seen; of a text that stands twice in one place, the upper one."""
        inks = [ink for drawn in self.drawn for ink in drawn.seen]
        return [ink for ink in inks if id(ink) not in self._covered] if self._covered else inks

    @cached_property
    def _covered(self) -> set[int]:
        """The ids of texts that the same text stands on."""
        upper: dict[tuple[Any, ...], int] = {}
        covered = set()
        for ink in (ink for drawn in self.drawn for ink in drawn.kinds["text"] if ink.alpha >= VISIBLE):
            place = ink.text, *(round(edge / 2) for edge in ink.box)
            covered.add(upper.get(place))
            upper[place] = id(ink)
        return covered - {None}

    def of(self, kind: str) -> "Inks":
        """Return the texts, lines or shapes."""
        return self._kinds[kind]

    @cached_property
    def by_mobject(self) -> dict[DrawnMobject, Drawn]:
        """What stands on the screen, by mobject."""
        return {drawn.mobject: drawn for drawn in self.drawn}

    @cached_property
    def _kinds(self) -> dict[str, "Inks"]:
        boxes = np.concatenate([np.empty((0, 4)), *(drawn.boxes for drawn in self.drawn)])
        kinds = np.concatenate([np.empty(0, dtype=int), *(drawn.kind_numbers for drawn in self.drawn)])
        if self._covered:
            left = [id(ink) not in self._covered for drawn in self.drawn for ink in drawn.seen]
            boxes, kinds = boxes[left], kinds[left]
        found = {}
        for number, kind in enumerate(KINDS):
            places = np.flatnonzero(kinds == number)
            found[kind] = Inks([self.inks[place] for place in places.tolist()], places, boxes[places])
        return found


@dataclass(eq=False)
class Inks:
    """Some of a picture's inks, with their places in the drawing order, (n,), and their boxes, (n, 4)."""

    inks: list[Ink]
    places: NDArray[np.int64]
    boxes: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.inks)


class Homes:
    """Knows in which shapes texts stand before they move and after: these they may leave and enter."""

    def __init__(self, pictures: list[Picture]) -> None:
        self._pictures = pictures
        self._anchors: dict[tuple[DrawnMobject, int], list[int]] = {}

    def holds(self, picture: Picture, text: Ink, shape: Ink) -> bool:
        """Whether a text that moves in ``picture`` set out from ``shape``, or ends in it."""
        anchors = self._anchors_of(text)
        place = bisect_left(anchors, picture.index)
        for index in anchors[max(place - 1, 0) : place + 1]:
            then = self._pictures[index]
            stood, held = _same_ink(then, text), _same_ink(then, shape)
            if stood and held and _within(stood.box, held.box):
                return True
        return False

    def _anchors_of(self, text: Ink) -> list[int]:
        """Return the pictures in which a text stands still, or is seen for the first or last time."""
        key = text.owner, text.number
        if key not in self._anchors:
            boxes = [(picture.index, _same_ink(picture, text)) for picture in self._pictures]
            seen = [(index, ink) for index, ink in boxes if ink and ink.alpha >= VISIBLE and ink.text == text.text]
            still = [
                index for (before, one), (index, ink) in pairwise(seen) if one.box == ink.box or index > before + 1
            ]
            self._anchors[key] = sorted({*still, seen[0][0], seen[-1][0]}) if seen else []
        return self._anchors[key]


def _same_ink(picture: Picture, ink: Ink) -> Ink | None:
    drawn = picture.by_mobject.get(ink.owner)
    inks = drawn.kinds[ink.kind] if drawn else []
    return inks[ink.number] if ink.number < len(inks) else None


def _within(box: Box, other: Box) -> bool:
    low = box[0] >= other[0] - 1 and box[1] >= other[1] - 1
    return low and box[2] <= other[2] + 1 and box[3] <= other[3] + 1


@dataclass(eq=False)
class Recording:
    """A clip that was played.

    ``matrix`` turns scene units to pixels; ``first`` and ``last`` are the pixels of its first and its last picture.
    """

    clip: str
    scene: ExplainerScene
    size: tuple[int, int]
    matrix: cairo.Matrix
    pictures: list[Picture] = field(default_factory=list)
    first: Pixels | None = None
    last: Pixels | None = None

    @property
    def theme(self) -> Theme:
        """The colours."""
        return self.scene.theme

    @property
    def grounds(self) -> list[tuple[float, float, float]]:
        """What may stand under the picture."""
        return [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)] if self.theme.transparent else [self.theme.background]

    @cached_property
    def homes(self) -> Homes:
        """Where texts come from and go to."""
        return Homes(self.pictures)

    @property
    def short(self) -> int:
        """The shorter side in pixels."""
        return min(self.size)

    @property
    def safe(self) -> Box:
        """What nothing may leave."""
        width, height = self.size
        return width * SAFE_MARGIN, height * SAFE_MARGIN, width * (1 - SAFE_MARGIN), height * (1 - SAFE_MARGIN)

    @property
    def stage(self) -> Box:
        """The room for the clip's own picture."""
        return self.box(self.scene.frame.stage)

    def is_in(self, ink: Ink, region: Region) -> bool:
        """Whether the middle of something is in a region."""
        (x, y), (left, top, right, bottom) = ink.centre.tolist(), self.box(region)
        return bool(left <= x <= right and top <= y <= bottom)

    def box(self, region: Region) -> Box:
        """Return a region in pixels."""
        left, top = self.matrix.transform_point(region.left, region.top)
        right, bottom = self.matrix.transform_point(region.right, region.bottom)
        return left, top, right, bottom


class _Recorder(DrawingRenderer):
    """Notes each frame instead of drawing it."""

    recording: Recording

    def __init__(self) -> None:
        super().__init__(camera_class=DrawingCamera)
        self._noted: dict[DrawnMobject, Drawn] = {}

    def init_scene(self, scene: Any, *settings: Any) -> None:
        """Take a camera of the scene's shape and ground, which the scene has chosen by now."""
        super().init_scene(scene, *settings)
        self.camera = DrawingCamera()

    def render(self, scene: Any, time: float, moving_mobjects: Iterable[Mobject] | None = None) -> None:  # noqa: ARG002
        """Note the picture, instead of drawing it."""
        if self.recording.first is None:
            self._keep_first(scene)
        self.note(scene, 1 / FRAMES_A_SECOND)
        self.time += 1 / FRAMES_A_SECOND

    def freeze_current_frame(self, duration: float) -> None:
        """Note a picture that rests."""
        scene = self.recording.scene
        if self.recording.first is None:
            self._keep_first(scene)
        self.note(scene, duration, rest=True)
        self.time += duration

    def skip_rest(self, skipped: bool) -> None:
        """Bring all later animations to their ends at once."""
        self._original_skipping_status = skipped

    def note(self, scene: Any, seconds: float, **what: Any) -> None:
        """Keep what stands on the picture now."""
        shown = self.camera.get_mobjects_to_display(list_update(scene.mobjects, scene.foreground_mobjects))
        drawn = [self._as_drawn(mobject) for mobject in shown if isinstance(mobject, DrawnMobject)]
        self._noted = {each.mobject: each for each in drawn}
        pictures = self.recording.pictures
        pictures.append(
            Picture(self.time, seconds, drawn, before=pictures[-1] if pictures else None, index=len(pictures), **what)
        )

    def _as_drawn(self, mobject: DrawnMobject) -> Drawn:
        look = mobject.look()
        kept = self._noted.get(mobject)
        if kept and kept.look == look:
            return kept
        inks = NotingContext(self.recording.matrix).note(mobject)
        values = {name: np.array(getattr(mobject, name)) for name in mobject.changing}
        return Drawn(mobject, look, inks, values, bool(kept.facts if kept else mobject.facts()))

    def _keep_first(self, scene: Any) -> None:
        self.update_frame(scene)
        self.recording.first = self.get_frame().copy()


def record(scene_class: type[ExplainerScene], **choices: Any) -> Recording:
    """Play a clip without encoding, and return what was seen."""
    return _play(scene_class, choices, skipped=False)


def ends(scene_class: type[ExplainerScene], **choices: Any) -> Recording:
    """Return the first and the last picture of a clip, and what is between as far as animations end on it."""
    return _play(scene_class, choices, skipped=True)


def _play(scene_class: type[ExplainerScene], choices: dict[str, Any], *, skipped: bool) -> Recording:
    play = ExplainerScene.play

    def noting(self: ExplainerScene, *animations: Any, **options: Any) -> None:
        play(self, *animations, **options)
        if self.__dict__ is scene.__dict__:  # it, or a part of it that plays as another clip
            renderer.skip_rest(skipped)
            renderer.note(self, 0.0, last=True)

    with tempconfig(QUICK), patch.object(ExplainerScene, "play", noting):
        renderer = _Recorder()
        scene = scene_class(settings=Settings(**choices), renderer=renderer)
        camera = renderer.camera
        matrix = camera.get_cairo_context(camera.pixel_array).get_matrix()
        recording = Recording(scene_class.__name__, scene, (camera.pixel_width, camera.pixel_height), matrix)
        renderer.recording = recording
        scene.render()
        renderer.update_frame(scene)
        recording.last = renderer.get_frame().copy()
    return recording
