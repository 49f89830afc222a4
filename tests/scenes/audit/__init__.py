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
from tests.scenes.audit.joins import cut, strip_jumps_back
from tests.scenes.audit.recording import FRAMES_A_SECOND, Picture, Recording, record

PICTURE_CHECKS: dict[str, Callable[[Picture, Recording], Iterator[Fault]]] = {
    "small text": legible.small_text,
    "outside the safe area": legible.outside,
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
    "empty stage": times.empty_stage,
    "small picture": times.small_picture,
    "crowded air": times.crowded_air,
    "strip backward": times.strip_backward,
    "number on the way": times.number_on_the_way,
}
_PASSING = {"faint text": 0.3, "faint shape": 0.3, "faint cells": 0.3}  # seconds for which each may last


def audit(scene_class: type[ExplainerScene], **choices: Any) -> list[Finding]:
    """Play a clip and return what all checks find."""
    return findings(record(scene_class, **choices))


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
    seen: list[int] = []
    faults: list[tuple[str, Fault]] = []
    for picture in recording.pictures:
        state = [id(drawn) for drawn in picture.drawn]
        if state != seen or picture.rest or picture.last:
            faults = [(name, fault) for name, check in PICTURE_CHECKS.items() for fault in check(picture, recording)]
        seen = state
        worst: dict[tuple[str, str], Fault] = {}
        for name, fault in faults:
            before = worst.get((name, fault.what))
            worst[name, fault.what] = fault if before is None else before.worse(fault)
        for (name, _), fault in worst.items():
            yield Finding(
                recording.clip,
                name,
                fault.what,
                picture.time,
                picture.seconds,
                fault.amount,
                fault.unit,
                picture.last or picture.rest,
                fault.box,
            )


__all__ = ["CLIP_CHECKS", "FRAMES_A_SECOND", "PICTURE_CHECKS", "Finding", "audit", "findings", "joins", "record"]
