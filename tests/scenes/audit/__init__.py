"""The audit: plays a clip without drawing it, and finds in every frame what no viewer should see.

``audit`` returns the findings of one clip, ``joins`` those between neighbours. A check is one function over a picture,
or over a whole clip; :data:`PICTURE_CHECKS` and :data:`CLIP_CHECKS` name them.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from scenes.explainer_scene import ExplainerScene
from tests.scenes.audit import contrasts, legible, times
from tests.scenes.audit.findings import Fault, Finding, merged
from tests.scenes.audit.held import broken
from tests.scenes.audit.joins import cut, strip_jumps_back
from tests.scenes.audit.recording import FRAMES_A_SECOND, Drawn, Picture, Recording, record

PICTURE_CHECKS: dict[str, Callable[[Picture, Recording], Iterator[Fault]]] = {
    "small text": legible.small_text,
    "outside the safe area": legible.outside,
    "text cut": legible.text_cut,
    "texts overlap": legible.texts_overlap,
    "text on a shape": legible.text_on_shape,
    "text covered": legible.text_covered,
    "line over a text": legible.line_over_text,
    "faint text": contrasts.faint_text,
    "faint shape": contrasts.faint_shape,
    "faint cells": contrasts.faint_cells,
}
CLIP_CHECKS: dict[str, Callable[[Recording], Iterator[Finding]]] = {
    "caption time": times.caption_time,
    "flash": times.flash,
    "empty stage": times.empty_stage,
    "small picture": times.small_picture,
    "crowded air": times.crowded_air,
    "strip backward": times.strip_backward,
    "number on the way": times.number_on_the_way,
}
_PASSING = {"faint text": 0.3, "faint shape": 0.3, "faint cells": 0.3}  # seconds for which each may last


def audit(scene_class: type[ExplainerScene], **choices: Any) -> list[Finding]:
    """Play a clip and return what is found by the checks that it holds; see :data:`~tests.scenes.audit.held.NOT_YET`."""
    return broken(findings(record(scene_class, **choices)))


def findings(recording: Recording) -> list[Finding]:
    """Return what all checks find in a clip that was played."""
    found = merged(_in_pictures(recording))
    found = [each for each in found if each.seconds >= _PASSING.get(each.check, 0.0)]
    for check in CLIP_CHECKS.values():
        found += merged(check(recording))
    return found


def joins(recordings: Iterable[Recording]) -> list[Finding]:
    """Return what is found between each clip and the next."""
    return [
        found for one, other in pairwise(recordings) for check in (cut, strip_jumps_back) for found in check(one, other)
    ]


def _in_pictures(recording: Recording) -> Iterator[Finding]:
    for name, check in PICTURE_CHECKS.items():
        faults: list[Fault] = []
        seen: list[Drawn] = []
        looked = -1.0
        for picture in recording.pictures:
            pause = _PASSING.get(name, 0.0) / 2  # what rests may be found a bit later
            at_rest = picture.last or picture.rest
            if (picture.drawn != seen or pause) and (at_rest or picture.time >= looked + pause):
                faults, seen, looked = _worst(check(picture, recording)), picture.drawn, picture.time
            for fault in faults:
                found = fault.what, picture.time, picture.seconds, fault.amount, fault.unit, at_rest, fault.box
                yield Finding(recording.clip, name, *found)


def _worst(faults: Iterable[Fault]) -> list[Fault]:
    """Return one fault for each thing."""
    worst: dict[str, Fault] = {}
    for fault in faults:
        before = worst.get(fault.what)
        worst[fault.what] = fault if before is None else before.worse(fault)
    return list(worst.values())


__all__ = ["CLIP_CHECKS", "FRAMES_A_SECOND", "PICTURE_CHECKS", "Finding", "audit", "findings", "joins", "record"]
