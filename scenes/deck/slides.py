"""The slides of a film as manim-slides keeps them: a video for each, the same backwards, and lists of them in JSON."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from manim_slides.config import PresentationConfig

from attention.digests import file_digest
from attention.files import write_atomically
from scenes.clips import Clip
from scenes.deck import cutting
from scenes.drawing.unfinished import clear_away_what_killed_renders_left
from scenes.look.theme import Theme
from scenes.output.plain_text import plain_text
from scenes.words import _

VIDEOS = "files"  # the folder of videos in a deck's folder, where manim-slides has it too


@dataclass(frozen=True)
class Slide:
    """One beat: its video, the same backwards, and what the speaker reads."""

    video: Path
    backwards: Path
    notes: str

    def reverse(self) -> None:
        """Make the video that goes backwards, unless it is there.

        Raises
        ------
        OSError, av.error.FFmpegError
            If the video cannot be read or the reversed one cannot be written.
        """
        if not self.backwards.is_file():
            cutting.reverse(self.video, self.backwards)


def cut_slides(clip: Clip, file: Path, folder: Path) -> list[Slide]:
    """Cut the rendered ``file`` of a clip into its slides, in ``folder``; what is there already stays.

    The videos' names hold a digest of the clip's file: those of an older film are never written over.

    Raises
    ------
    OSError, av.error.FFmpegError
        If the clip cannot be read or a slide cannot be written.
    """
    beats = cutting.read_beats(file)
    mark = hashlib.sha256(f"{file_digest(file)} {file_digest(Path(cutting.__file__))}".encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    videos = [folder / f"{clip.name}-{number:02}-{mark}.mp4" for number in range(1, len(beats) + 1)]
    if not all(video.is_file() for video in videos):
        cutting.cut(file, beats, videos)
    return [
        Slide(
            video,
            video.with_stem(f"{video.stem}-reversed"),
            plain_text("\n".join([_title(clip, number, len(beats), beat.title), *beat.captions])),
        )
        for number, (beat, video) in enumerate(zip(beats, videos, strict=True), 1)
    ]


def _title(clip: Clip, number: int, count: int, step: str) -> str:
    # Translators: the title of a slide; which step of how many steps of a clip
    return _("{clip}, {number} of {count}: {step}", clip=_(clip.title), number=number, count=count, step=step)


def present(slides: Sequence[Slide], theme: Theme) -> PresentationConfig:
    """Return slides as manim-slides takes them, on the theme's background; without a reversed video, forwards only."""
    red, green, blue = (round(255 * channel) for channel in theme.background)
    with av.open(str(slides[0].video)) as container:
        stream = container.streams.video[0]
        size = stream.width, stream.height
    return PresentationConfig.model_validate(
        {
            "slides": [
                {
                    "file": slide.video,
                    "rev_file": slide.backwards if slide.backwards.is_file() else slide.video,
                    "notes": slide.notes,
                }
                for slide in slides
            ],
            "resolution": size,
            "background_color": f"#{red:02x}{green:02x}{blue:02x}",
        }
    )


def write_lists(folder: Path, presentations: Mapping[str, PresentationConfig]) -> None:
    """Write each presentation into ``folder``/NAME.json, where manim-slides finds it by its name.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    for name, presentation in presentations.items():
        content = presentation.model_dump(mode="json")
        for slide in content["slides"]:
            for key in ("file", "rev_file"):
                slide[key] = Path(slide[key]).relative_to(folder.parent).as_posix()
        write_atomically(folder / f"{name}.json", json.dumps(content, indent=1).encode())


def clear_away(folder: Path, slides: Sequence[Slide]) -> None:
    """Delete the videos in ``folder``, a deck's, that are not of these ``slides``, and what killed runs left there."""
    videos = {video for slide in slides for video in (slide.video, slide.backwards)}
    for video in set((folder / VIDEOS).glob("[!.]*.mp4")) - videos:
        video.unlink(missing_ok=True)
    for written in (folder.parent, folder / VIDEOS):
        clear_away_what_killed_renders_left(written)
