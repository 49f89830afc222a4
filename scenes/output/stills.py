"""The still a clip rests on at its end, as a picture or as vectors."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

from attention.attention_trace import write_atomically
from scenes.drawing.alpha import straight_alpha


def write_still(scene: Any, file: Path) -> Path:
    """Write what ``scene``, which has been played, shows now into ``file``, a PNG.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    scene.renderer.update_frame(scene)
    picture = Image.fromarray(straight_alpha(scene.renderer.get_frame()), "RGBA")
    buffer = io.BytesIO()
    (picture if scene.theme.transparent else picture.convert("RGB")).save(buffer, format="PNG", optimize=True)
    write_atomically(file, buffer.getvalue())
    return file
