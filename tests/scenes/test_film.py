"""The film is all clips, in order, as one file."""

from pathlib import Path

import av
import numpy as np
import pytest
import srt
from manim import tempconfig

from attention.settings import DEFAULT_SENTENCE, Settings
from scenes.clips import Clip, film_clips
from scenes.film import Film
from scenes.output.formats import Output
from scenes.output.joining import join
from scenes.output.rendering import render_film
from tests.scenes.played import QUIET, play

pytestmark = pytest.mark.apart


def clip(path: Path, seconds: float, gray: int) -> Path:
    """Write a clip of one shade of gray, with one subtitle."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _ in range(round(seconds * 10)):
            frame = av.VideoFrame.from_ndarray(np.full((36, 64, 3), gray, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    path.with_suffix(".srt").write_text(f"1\n00:00:00,500 --> 00:00:01,000\ngray {gray}\n")
    return path


def test_clips_are_joined_with_chapters_and_subtitles() -> None:
    folder = Path("it's a folder")
    folder.mkdir()
    clips = [clip(folder / "a.mp4", 1, 50), clip(folder / "b.mp4", 2, 200)]
    film, *_ = join(clips, ["First", "Second"], folder / "film.mp4", "A sentence.")
    with av.open(str(film)) as container:
        assert container.metadata["comment"] == "A sentence."
        found = container.chapters()
        shades = [int(frame.to_ndarray(format="rgb24").mean()) for frame in container.decode(video=0)]
    chapters = [(chapter["metadata"]["title"], chapter["start"], chapter["end"]) for chapter in found]
    assert chapters == [("First", 0, 1000), ("Second", 1000, 3000)]
    assert len(shades) == 30
    assert max(shades[:10]) < 60 < 190 < min(shades[10:])
    subtitles = list(srt.parse(film.with_suffix(".srt").read_text()))
    assert [(line.content, line.start.total_seconds()) for line in subtitles] == [("gray 50", 0.5), ("gray 200", 1.5)]


def test_a_film_that_cannot_be_joined_leaves_the_older_one() -> None:
    good, bad = clip(Path("a.mp4"), 1, 50), Path("b.mp4")
    bad.write_bytes(b"no film")
    Path("film.mp4").write_text("older")
    with pytest.raises(av.error.FFmpegError):
        join([good, bad], ["First", "Second"], Path("film.mp4"), "A sentence.")
    assert Path("film.mp4").read_text() == "older"
    assert {path.name for path in Path().iterdir()} == {"a.mp4", "a.srt", "b.mp4", "film.mp4"}


def test_the_scene_plays_every_clip_as_long_as_alone() -> None:
    film, _ = play(Film, sentence="Hi")
    alone = sum(play(clip.scene_class(), sentence="Hi")[0].time for clip in film_clips(heads=1))
    assert film.time == pytest.approx(alone, abs=0.5)


def test_the_film_lasts_four_to_five_minutes() -> None:
    seconds = [play(clip.scene_class())[0].time for clip in film_clips(heads=1)]
    assert 240 <= sum(seconds) <= 300
    assert max(seconds) <= 36


@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
def test_a_clip_about_one_token_is_short_and_no_flash(clip: Clip) -> None:
    scene, _ = play(clip.scene_class(), sentence="Hi")
    assert 5 <= scene.time <= 36


@pytest.mark.slow
def test_the_whole_film_renders(tmp_path: Path) -> None:
    with tempconfig(QUIET):
        *clips, film = render_film(
            Settings(sentence="Hi"), tmp_path, Output(quality="l", fps=5), 2, film_clips(heads=1)
        )
    assert [file.stem for file in clips] == [clip.name for clip in film_clips(heads=1)]
    for file in clips:
        with av.open(str(file)) as container:
            first, *_, last = (frame.to_ndarray(format="rgb24") for frame in container.decode(video=0))
        assert last.max() > 100
        assert np.abs(first.astype(int) - last).mean() > 0.5
    with av.open(str(film)) as container:
        titles = [chapter["metadata"]["title"] for chapter in container.chapters()]
    assert titles == [clip.title for clip in film_clips(heads=1)]


@pytest.mark.parametrize("sentence", ["Hi", DEFAULT_SENTENCE, "🙂 Unbelievably, the wizard whispered to the wizard."])
@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
def test_each_beat_is_long_enough_for_a_slide(clip: Clip, sentence: str) -> None:
    scene, _ = play(clip.scene_class(), opened=True, sentence=sentence)
    starts = np.array([start for _, start in scene.chapters] + [scene.time])
    assert np.diff(starts).min() > 1.2
