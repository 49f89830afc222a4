"""The layout audit: plays a clip and, at the end of each animation, looks for what no viewer should see."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from manim import tempconfig
from numpy.typing import NDArray

from attention.settings import Settings
from scenes.drawing.marks import Mark, noting
from scenes.explainer_scene import ExplainerScene
from scenes.places.layout import SAFE_MARGIN, SMALLEST_NUMBER, SMALLEST_TEXT
from tests.scenes.played import QUIET

VISIBLE = 0.12  # opacity from which a mark counts
SLACK = 1.0  # pixels at 480p


@dataclass(frozen=True)
class Finding:
    """One fault of one frame."""

    clip: str
    time: float
    fault: str
    first: str
    second: str
    amount: float  # pixels

    def __str__(self) -> str:
        return f"{self.clip} at {self.time:.1f} s: {self.fault}: {self.first} {self.second} ({self.amount:.1f} px)"


def audit(scene_class: type[ExplainerScene], **choices: Any) -> list[Finding]:
    """Play a clip without encoding and return its faults."""
    findings: dict[tuple[str, str, str], Finding] = {}

    class Audited(scene_class):  # type: ignore[valid-type, misc]
        def play(self, *animations: Any, **options: Any) -> None:
            super().play(*animations, **options)
            with noting() as marks:
                self.camera.capture_mobjects(self.mobjects)  # all of them, not only what changed
            for finding in _faults(scene_class.__name__, self, marks):
                findings.setdefault((finding.fault, finding.first, finding.second), finding)

    with tempconfig({**QUIET, "dry_run": True, "quality": "low_quality"}):
        Audited(settings=Settings(**choices), skip_animations=True).render()
    return list(findings.values())


def _faults(clip: str, scene: ExplainerScene, marks: list[Mark]) -> Iterator[Finding]:
    width, height = scene.camera.pixel_width, scene.camera.pixel_height
    visible = [mark for mark in marks if mark.alpha >= VISIBLE]
    texts = [mark for mark in visible if mark.kind == "text"]
    lines = [mark for mark in visible if mark.kind == "line"]
    low = np.array([width, height]) * SAFE_MARGIN - SLACK
    high = np.array([width, height]) * (1 - SAFE_MARGIN) + SLACK
    for mark in visible:
        out = max((low - mark.points).max(), (mark.points - high).max())
        if out > 0:
            yield Finding(clip, scene.time, "outside the safe area", _name(mark), "", float(out))
    for mark in texts:
        smallest = height * (SMALLEST_NUMBER if _is_number(mark.text) else SMALLEST_TEXT)
        if mark.size < smallest - 0.05:
            yield Finding(clip, scene.time, "too small", _name(mark), "", smallest - mark.size)
    boxes = _boxes(texts)
    for first, second, overlap in _overlaps(texts, boxes):
        yield Finding(clip, scene.time, "texts overlap", _name(first), _name(second), overlap)
    for line in lines:
        for text in (texts[index] for index in _crossed(line, boxes)):
            yield Finding(clip, scene.time, "a line crosses a text", _name(line), _name(text), line.size)


def _name(mark: Mark) -> str:
    return f"{type(mark.owner).__name__}({mark.text!r})" if mark.kind == "text" else type(mark.owner).__name__


def _is_number(text: str) -> bool:
    return not any(character.isalpha() for character in text)


def _same(first: Mark, second: Mark) -> bool:
    """Whether one text is drawn twice in one place, as while it changes its colour."""
    return first.owner is second.owner and first.text == second.text and np.allclose(first.points, second.points)


def _boxes(texts: list[Mark]) -> NDArray[np.float64]:
    """Return the upright boxes around texts, (texts, 2, 2): lowest and highest x and y."""
    return np.array([(text.points.min(axis=0), text.points.max(axis=0)) for text in texts]).reshape(-1, 2, 2)


def _overlaps(texts: list[Mark], boxes: NDArray[np.float64]) -> Iterator[tuple[Mark, Mark, float]]:
    low, high = boxes[:, 0], boxes[:, 1]
    shared = (np.minimum(high[:, None], high) - np.maximum(low[:, None], low)).min(axis=-1)  # (texts, texts)
    for first, second in np.argwhere(np.triu(shared, k=1) > SLACK).tolist():
        if not _same(texts[first], texts[second]):
            yield texts[first], texts[second], float(shared[first, second])


def _crossed(line: Mark, boxes: NDArray[np.float64]) -> list[int]:
    """Return which texts' boxes a line's stroke enters."""
    pieces = []
    for start, end in pairwise(line.points):
        steps = max(int(np.hypot(*(end - start)) / 2), 1)
        pieces.append(start + np.linspace(0, 1, steps + 1)[:, None] * (end - start))
    points = np.concatenate(pieces)[:, None]  # (points, 1, 2), two pixels apart
    low, high = boxes[:, 0] + SLACK, boxes[:, 1] - SLACK
    reach = line.size / 2
    inside = ((points > low - reach) & (points < high + reach)).all(axis=-1).any(axis=0)  # (texts,)
    found: list[int] = np.flatnonzero(inside & (low < high).all(axis=-1)).tolist()
    return found
