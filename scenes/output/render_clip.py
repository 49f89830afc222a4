"""Rendering one clip in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from manim import config, tempconfig

from attention.settings import Settings
from scenes.clips import Clip
from scenes.drawing.file_writer import OneThreadWriter, WholeFileWriter
from scenes.drawing.subtitles import subtitle_file
from scenes.output.film_folder import CACHE
from scenes.output.formats import Output
from scenes.output.gif import write_gif
from scenes.output.joining import label
from scenes.output.manifest import POSTERS
from scenes.output.stills import write_still
from scenes.words import _


def render_clip(
    clip: Clip,
    settings: Settings,
    folder: Path,
    output: Output,
    on_beat: Callable[[int, int], None] = lambda *_: None,
    one_thread: bool = False,
) -> list[Path]:
    """Render a clip into ``folder`` and return its file, NN-name.mp4 or so, then those that go with it.

    A video has subtitles beside it and its last still in ``posters/``.

    Raises
    ------
    OSError, av.error.FFmpegError
        If a file cannot be written.
    """
    file = folder / output.file_name(clip.name)
    cache = folder.parent / CACHE / folder.name
    place = folder if output.is_video else cache
    places = {
        "media_dir": str(folder.parent / CACHE),
        "video_dir": str(place),
        "partial_movie_dir": str(cache / clip.name),
        "output_file": file.stem,
    }
    writer = OneThreadWriter if one_thread else WholeFileWriter
    with played(clip, settings, output, places, writer=writer, on_beat=on_beat) as scene:
        title = _(clip.title)
        if not output.moves:
            return [write_still(scene, file, title)]
        movie = place / scene.renderer.file_writer.movie_file_path.name
        if not output.is_video:
            return [write_gif(movie, file, output.max_bytes)]
        label(movie, title, scene.subject, scene.chapters)
        subtitles = filter(Path.exists, (subtitle_file(movie, ending) for ending in (".srt", ".vtt")))
        return [movie, *subtitles, write_still(scene, folder / POSTERS / f"{clip.name}.png", title)]


@contextmanager
def played(
    clip: Clip,
    settings: Settings,
    output: Output,
    places: dict[str, str],
    after_beat: Callable[[Any], None] = lambda _: None,
    on_beat: Callable[[int, int], None] = lambda *_: None,
    writer: type[WholeFileWriter] = WholeFileWriter,
) -> Iterator[Any]:
    """Play a clip, rendering it where ``output`` moves, and yield its scene, while Manim is still set up for it.

    Parameters
    ----------
    clip, settings, output
        What is played, and how.
    places
        Manim's options that say where its files go.
    after_beat
        Called with the scene at the end of each of its beats.
    on_beat
        Called then with how many beats of how many have been played.
    writer
        Writes the files.
    """
    quiet = {"input_file": "", "progress_bar": "none", "verbosity": "ERROR", "preview": False}
    scene_class = clip.scene_class()
    done, total = 0, len(scene_class.beats())

    def count() -> None:
        nonlocal done
        done += 1
        after_beat(scene)
        on_beat(done, total)

    with tempconfig({}):
        for name, value in (places | quiet | output.options(settings)).items():
            setattr(config, name, value)
        scene = scene_class(settings, count, writer, loops=output.loops, skip_animations=not output.moves)
        if output.moves:
            scene.render()
        else:
            scene.play_through()
        on_beat(total, total)  # a beat that the sentence or model does not need was not counted
        yield scene
