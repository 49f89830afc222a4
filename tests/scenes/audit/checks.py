"""All checks by name, and what they find in a clip that was played."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from tests.scenes.audit import contrasts, joins, legible, times
from tests.scenes.audit.findings import Fault, Finding, merged
from tests.scenes.audit.recording import Drawn, Picture, Recording

PICTURE_CHECKS: dict[str, Callable[[Picture, Recording], Iterator[Fault]]] = {
    "small text": legible.small_text,
    "outside the safe area": legible.outside,
    "text cut": legible.text_cut,
    "texts overlap": legible.texts_overlap,
    "text on a shape": legible.text_on_shape,
    "text covered": legible.text_covered,
    "line over a text": legible.line_over_text,
    "logo met": legible.logo_met,
    "faint text": contrasts.faint_text,
    "faint shape": contrasts.faint_shape,
    "faint cells": contrasts.faint_cells,
}
CLIP_CHECKS: dict[str, Callable[[Recording], Iterator[Finding]]] = {
    "caption too short": times.caption_too_short,
    "caption too long": times.caption_too_long,
    "flash": times.flash,
    "empty stage": times.empty_stage,
    "small picture": times.small_picture,
    "crowded air": times.crowded_air,
    "strip backward": times.strip_backward,
    "number on the way": times.number_on_the_way,
}
JOIN_CHECKS: dict[str, Callable[[Recording, Recording], Iterator[Finding]]] = {
    "cut": joins.cut,
    "strip backward": joins.strip_backward,
}
_PASSING = {"faint text": 0.3, "faint shape": 0.3, "faint cells": 0.3}  # seconds for which each may last


def found_in(recording: Recording) -> list[Finding]:
    """Return what all checks find in a clip that was played."""
    found = found_in_pictures(recording)
    for check in CLIP_CHECKS.values():
        found += merged(check(recording))
    return found


def found_in_pictures(recording: Recording) -> list[Finding]:
    """Return what the checks of single pictures find."""
    return [each for each in merged(_in_pictures(recording)) if each.seconds >= _PASSING.get(each.check, 0.0)]


def between(recordings: Iterable[Recording]) -> list[Finding]:
    """Return what is found between each clip and the next."""
    return [
        found for one, other in pairwise(recordings) for check in JOIN_CHECKS.values() for found in check(one, other)
    ]


def faults(picture: Picture, recording: Recording) -> list[Fault]:
    """Return what is found in one picture."""
    return [fault for check in PICTURE_CHECKS.values() for fault in check(picture, recording)]


def _in_pictures(recording: Recording) -> Iterator[Finding]:
    for name, check in PICTURE_CHECKS.items():
        found: list[Fault] = []
        seen: list[Drawn] = []
        looked = -1.0
        for picture in recording.pictures:
            pause = _PASSING.get(name, 0.0) / 2  # what rests may be found a bit later
            at_rest = picture.last or picture.rest
            if (picture.drawn != seen or pause) and (at_rest or picture.time >= looked + pause):
                found, seen, looked = _worst(check(picture, recording)), picture.drawn, picture.time
            for fault in found:
                what = fault.what, picture.time, picture.seconds, fault.amount, fault.unit
                yield Finding(recording.clip, name, *what, at_rest)


def _worst(found: Iterable[Fault]) -> list[Fault]:
    """Return one fault for each thing."""
    worst: dict[str, Fault] = {}
    for fault in found:
        before = worst.get(fault.what)
        worst[fault.what] = fault if before is None else before.worse(fault)
    return list(worst.values())
