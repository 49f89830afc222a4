"""The slides of a film as manim-slides keeps them: a video for each, the same backwards, and lists of them in JSON."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import av
from manim_slides.config import PresentationConfig, SlideConfig

from attention.attention_trace import write_atomically
from attention.settings import ThemeName
from scenes.deck import cutting
from scenes.look.theme import THEMES
from scenes.output.clips import Clip

FOLDER = "deck"
VIDEOS = "files"  # in that folder


def make_slides(clip: Clip, file: Path) -> PresentationConfig:
    """Cut the rendered ``file`` of a clip into its slides, in ``deck/files`` beside it; what is there already stays.

    The videos' names hold a digest of the clip's file: those of an older film are never written over.

    Raises
    ------
    OSError, av.error.FFmpegError
        If the clip cannot be read or a slide cannot be written.
    """
    beats = cutting.read_beats(file)
    mark = hashlib.sha256(file.read_bytes() + Path(cutting.__file__).read_bytes()).hexdigest()[:12]
    folder = file.parent / FOLDER / VIDEOS
    folder.mkdir(parents=True, exist_ok=True)
    videos = [folder / f"{clip.name}-{number:02}-{mark}.mp4" for number in range(1, len(beats) + 1)]
    if not all(video.is_file() for video in videos):
        cutting.cut(file, beats, videos)
    slides = []
    for number, (beat, video) in enumerate(zip(beats, videos, strict=True), 1):
        backwards = video.with_stem(f"{video.stem}-reversed")
        if not backwards.is_file():
            cutting.reverse(video, backwards)
        notes = "\n".join([f"{clip.title}, {number} of {len(beats)}: {beat.title}", *beat.captions])
        slides.append(SlideConfig(file=video, rev_file=backwards, notes=notes))
    return PresentationConfig(slides=slides, resolution=_size(file))


def join(parts: Iterable[PresentationConfig], theme: ThemeName) -> PresentationConfig:
    """Return all slides as one presentation, on the theme's background."""
    parts = list(parts)
    red, green, blue = (round(255 * channel) for channel in THEMES[theme].background)
    slides = [slide for part in parts for slide in part.slides]
    look = {"resolution": parts[0].resolution, "background_color": f"#{red:02x}{green:02x}{blue:02x}"}
    return PresentationConfig.model_validate({"slides": slides, **look})


def write_lists(folder: Path, presentations: Mapping[str, PresentationConfig]) -> None:
    """Write each presentation into ``deck/NAME.json`` of a film's ``folder``, where manim-slides finds it by its name.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    for name, presentation in presentations.items():
        content = presentation.model_dump(mode="json")
        for slide in content["slides"]:
            for key in ("file", "rev_file"):
                slide[key] = Path(slide[key]).relative_to(folder).as_posix()
        write_atomically(folder / FOLDER / f"{name}.json", json.dumps(content, indent=1).encode())


def clear_away(folder: Path, page: Path) -> None:
    """Delete the videos in ``deck/files`` that neither a list nor the ``page`` names any more."""
    naming = [file for file in (*(folder / FOLDER).glob("*.json"), page) if file.is_file()]
    named = "".join(file.read_text(encoding="utf-8") for file in naming)
    for video in (folder / FOLDER / VIDEOS).glob("[!.]*.mp4"):
        if video.name not in named:
            video.unlink(missing_ok=True)


def _size(file: Path) -> tuple[int, int]:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        return stream.width, stream.height
