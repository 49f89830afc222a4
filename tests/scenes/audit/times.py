"""What only a whole clip shows: how long captions stand, what moves at once, whether the stage is ever empty."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.mobjects.label import Caption
from scenes.mobjects.stage_strip import STAGES, StageStrip
from tests.scenes.audit.findings import Finding
from tests.scenes.audit.ink import Ink
from tests.scenes.audit.recording import FRAMES_A_SECOND, VISIBLE, Drawn, Picture, Recording

READ = 0.5  # opacity from which a caption can be read
LONGEST_CAPTION = 7.0  # seconds
EMPTY = 0.2  # seconds for which the stage may be empty
REST = 0.9  # seconds from which a picture that stands still is one to look at
LEAST_SHARE = 0.5  # of the stage's width or height
IN_THE_AIR = 3
FLASH, AGAIN = 1.2, 0.6  # seconds for which a text must be seen that comes again so soon

_FRAME = 1 / FRAMES_A_SECOND
_STILL = 0.75  # pixels by which the centre of what stands still may move in a frame
_VALUES = {"lengths", "zero", "filled", "strengths", "reach"}  # arrays that are drawn as numbers' lengths
_NUMBER = re.compile(r"[−+-]?\d+([.,]\d+)?%?")


def shortest(text: str) -> float:
    """Return for how many seconds a caption must stand; a wide letter takes as long as two."""
    letters = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return max(1.8, letters / 15 + 0.4)


def caption_too_short(recording: Recording) -> Iterator[Finding]:
    """Find captions that vanish before they can have been read."""
    for text, start, seconds in _standing(recording):
        if seconds < shortest(text) - _FRAME:
            what = f"{text!r} needs {shortest(text):.1f} s"
            yield Finding(recording.clip, "caption too short", what, start, seconds, seconds, "s shown", at_rest=True)


def caption_too_long(recording: Recording) -> Iterator[Finding]:
    """Find captions that have nothing more to say."""
    for text, start, seconds in _standing(recording):
        if seconds > LONGEST_CAPTION + _FRAME:
            yield Finding(recording.clip, "caption too long", repr(text), start, seconds, seconds, "s", at_rest=True)


def flash(recording: Recording) -> Iterator[Finding]:
    """Find texts that are seen for a moment, vanish, and come again."""
    spells: dict[tuple[DrawnMobject, str], list[list[float]]] = {}  # of each text: when seen from and until
    for picture in recording.pictures:
        for ink in (ink for drawn in picture.drawn for ink in drawn.kinds["text"]):
            if ink.alpha >= VISIBLE and ink.cut == 0:
                seen = spells.setdefault((ink.owner, ink.text), [])
                if seen and picture.time - seen[-1][1] < _FRAME / 2:
                    seen[-1][1] = picture.time + picture.seconds
                else:
                    seen.append([picture.time, picture.time + picture.seconds])
    for (owner, text), seen in spells.items():
        for (start, end), (again, _) in pairwise(seen):
            if end - start < FLASH and again - end < AGAIN:
                what = f"{type(owner).__name__} {text!r}"
                yield Finding(recording.clip, "flash", what, start, end - start, end - start, "s", at_rest=False)


def empty_stage(recording: Recording) -> Iterator[Finding]:
    """Find when nothing stands on the stage."""
    for start, seconds in _spells(recording, lambda picture: not len(_on_stage(picture, recording))):
        if seconds > EMPTY + 1e-6:
            yield Finding(recording.clip, "empty stage", "nothing", start, seconds, seconds, "s")


def small_picture(recording: Recording) -> Iterator[Finding]:
    """Find pictures at rest that take less than half of the stage's width and of its height."""
    left, top, right, bottom = recording.stage
    for picture in recording.pictures:
        boxes = _on_stage(picture, recording)
        if not (picture.rest and picture.seconds >= REST and len(boxes)):
            continue
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        share = float(((high - low) / (right - left, bottom - top)).max())
        if share < LEAST_SHARE:
            when = f"at {picture.time:.1f} s", picture.time, picture.seconds
            yield Finding(recording.clip, "small picture", *when, share, "of the stage", at_rest=True)


def crowded_air(recording: Recording) -> Iterator[Finding]:
    """Find when more than three things move at once; what moves as one is one."""
    spells: list[tuple[float, float, list[str]]] = []  # from, for how many seconds, most things
    before_crowded = False
    for before, now in pairwise(recording.pictures):
        if now.last:
            continue
        moving = [] if now.rest else _moving(before, now)
        crowded = len(moving) > IN_THE_AIR
        start, seconds, most = spells.pop() if crowded and before_crowded else (now.time, 0.0, [])
        if crowded:
            spells.append((start, seconds + now.seconds, max(most, moving, key=len)))
        before_crowded = crowded
    for start, seconds, most in spells:
        what = ", ".join(most[:4]) + ", …"
        yield Finding(recording.clip, "crowded air", what, start, seconds, len(most), "things")


def strip_backward(recording: Recording) -> Iterator[Finding]:
    """Find when the strip of stages goes back; where a clip looks at the whole, it shows none."""
    reached = -1
    for picture in recording.pictures:
        stage = lit_stage(picture)
        if stage is not None and stage < reached:
            what = f"{STAGES[reached]} → {STAGES[stage]}"
            yield Finding(
                recording.clip, "strip backward", what, picture.time, 0.0, reached - stage, "stages", at_rest=True
            )
        reached = stage if stage is not None else reached


def lit_stage(picture: Picture) -> int | None:
    """Return the stage that the strip shows, or None."""
    for drawn in picture.drawn:
        if isinstance(drawn.mobject, StageStrip) and drawn.values["lit"].max() > READ:
            return int(drawn.values["lit"].argmax())
    return None


def number_on_the_way(recording: Recording) -> Iterator[Finding]:
    """Find numbers that are printed while what they measure is still moving."""
    for before, now in pairwise(recording.pictures):
        then = {drawn.mobject: drawn for drawn in before.drawn}
        for drawn in now.drawn:
            earlier = then.get(drawn.mobject)
            if earlier is None or earlier is drawn or not drawn.facts or not _values_moved(earlier, drawn):
                continue
            numbers = [ink for ink in drawn.inks if ink.alpha > READ and _NUMBER.fullmatch(ink.text)]
            if numbers:
                name = type(drawn.mobject).__name__
                yield Finding(recording.clip, "number on the way", name, now.time, now.seconds, len(numbers), "numbers")


def _standing(recording: Recording) -> Iterator[tuple[str, float, float]]:
    """Yield each caption, when it begins, and for how long it can be read."""
    carried = {caption for caption, _ in _captions(recording, recording.pictures[0])}  # from the clip before
    standing: dict[Caption, tuple[float, float]] = {}  # from, for how many seconds
    for picture in recording.pictures:
        for caption, drawn in _captions(recording, picture):
            if caption not in carried and drawn.values["opacity"][0] >= READ:
                start, seconds = standing.get(caption, (picture.time, 0.0))
                standing[caption] = start, seconds + picture.seconds
    for caption, (start, seconds) in standing.items():
        yield caption.text, start, seconds


def _captions(recording: Recording, picture: Picture) -> list[tuple[Caption, Drawn]]:
    """Return what is said under the stage; the same kind of text may stand on it too."""
    region = recording.scene.frame.caption
    return [
        (drawn.mobject, drawn)
        for drawn in picture.drawn
        if isinstance(drawn.mobject, Caption) and drawn.inks and recording.is_in(drawn.inks[0], region)
    ]


def _on_stage(picture: Picture, recording: Recording) -> NDArray[np.float64]:
    """Return the boxes (n, 4) of all whose middle is on the stage."""
    left, top, right, bottom = recording.stage
    boxes = np.array([ink.box for ink in picture.inks], dtype=float).reshape(-1, 4)
    x, y = boxes[:, [0, 2]].mean(axis=1), boxes[:, [1, 3]].mean(axis=1)
    result: NDArray[np.float64] = boxes[(x > left) & (x < right) & (y > top) & (y < bottom)]
    return result


def _spells(recording: Recording, holds: Callable[[Picture], bool]) -> Iterator[tuple[float, float]]:
    """Yield when something begins to hold, and for how long it does."""
    start, seconds = 0.0, 0.0
    for picture in recording.pictures:
        if picture.last:
            continue
        if holds(picture):
            start = start if seconds else picture.time
            seconds += picture.seconds
        elif seconds:
            yield start, seconds
            seconds = 0.0
    if seconds:
        yield start, seconds


def _values_moved(before: Drawn, now: Drawn) -> bool:
    return any(
        not np.array_equal(before.values[name], now.values[name])
        for name in _VALUES & before.values.keys() & now.values.keys()
    )


def _moving(before: Picture, now: Picture) -> list[str]:
    """Return what moved from one picture to the next; the parts of one mobject, with one reason, are named once."""
    then = {drawn.mobject: drawn for drawn in before.drawn}
    shown = {id(ink) for ink in now.inks}
    groups: list[tuple[str, NDArray[np.float64], NDArray[np.float64]]] = []  # name, places then, places now
    for drawn in now.drawn:
        earlier = then.get(drawn.mobject)
        if earlier is None or earlier is drawn:
            continue
        pairs = [
            (one, other)
            for one, other in zip(_texts(earlier), _texts(drawn), strict=False)
            if one.text == other.text and id(other) in shown and np.hypot(*(one.centre - other.centre)) > _STILL
        ]
        if pairs:
            places = np.array([one.centre for one, _ in pairs]), np.array([other.centre for _, other in pairs])
            groups.append((str(pairs[0][1]), *places))
    return _told_apart(groups)


def _texts(drawn: Drawn) -> list[Ink]:
    return [ink for ink in drawn.inks if ink.kind == "text"]


def _told_apart(groups: list[tuple[str, NDArray[np.float64], NDArray[np.float64]]]) -> list[str]:
    """Return one name for each group of things that moves in its own way."""
    if groups and _as_one(np.concatenate([then for _, then, _ in groups]), np.concatenate([now for *_, now in groups])):
        return [groups[0][0]]
    names: dict[tuple[int, int], str] = {}
    for name, then, now in groups:
        by = np.round((now - then).mean(axis=0)).astype(int).tolist()
        near = next((each for each in names if max(abs(each[0] - by[0]), abs(each[1] - by[1])) <= 1), None)
        if near is None:
            names[by[0], by[1]] = name
    return list(names.values())


def _as_one(then: NDArray[np.float64], now: NDArray[np.float64]) -> bool:
    """Whether places (n, 2) moved as one picture that is shifted and magnified."""
    if len(then) < 3:
        return bool(np.ptp(now - then, axis=0).max() < 1)
    centred, moved = then - then.mean(axis=0), now - now.mean(axis=0)
    scale = float((centred * moved).sum() / max(float((centred**2).sum()), 1e-9))
    return bool(np.abs(moved - scale * centred).max() < 1)
