"""The audit: plays a clip without drawing it, and finds in every frame what no viewer should see.

A check is one function over a picture, over a whole clip, or over two neighbours; ``checks.py`` names them all.
"""

from typing import Any

from scenes.explainer_scene import ExplainerScene
from tests.scenes.audit.checks import found_in, found_in_pictures
from tests.scenes.audit.findings import Finding
from tests.scenes.audit.recording import ends, record


def audit(scene_class: type[ExplainerScene], **choices: Any) -> list[Finding]:
    """Play a clip and return what the checks find."""
    return found_in(record(scene_class, **choices))


def audit_rests(scene_class: type[ExplainerScene], **choices: Any) -> list[Finding]:
    """Return the same of the pictures that animations end on; it takes a fifth of the time."""
    return found_in_pictures(ends(scene_class, **choices))
