"""The clip for real: drawn, encoded, decoded again and looked at."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import av
import numpy as np
import pytest
import srt
from manim import tempconfig
from numpy.typing import NDArray
from PIL import Image

from attention.settings import Settings
from scenes.clips import find_clip
from scenes.drawing.change import Change
from scenes.drawing.drawing_scene import DrawingScene
from scenes.drawing.seals import is_sealed, seal
from scenes.mobjects.label import Label
from scenes.output.formats import Output
from scenes.output.rendering import render_film
from scenes.places.layout import SAFE_MARGIN
from tests.recomputed import recompute
from tests.scenes.played import QUIET

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
REFERENCE = Path(__file__).parent / "references" / "score_matrix.png"
PREVIEW = Output(quality="l")
SENTENCE = "The king loved his daughter."
CLIP = [find_clip("ScoreMatrix")]
Picture = NDArray[np.uint8]


def frames(clip: Path) -> Iterator[Picture]:
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("renders")
    told: list[tuple[int, int]] = []
    clip, whole = render_film(Settings(sentence=SENTENCE), root, PREVIEW, 2, CLIP, lambda _, *beats: told.append(beats))
    assert clip == root / "the-king-loved-his-daughter_480p15" / "06-score-matrix.mp4"
    assert whole == clip.parent / "film.mp4"
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    return clip


def test_the_clip_is_as_long_and_as_large_as_it_should_be(film: Path) -> None:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (854, 480)
        assert stream.average_rate is not None
        assert float(stream.average_rate) == pytest.approx(15, abs=0.01)
        assert stream.codec_context.name == "h264"
        assert container.duration is not None
        assert 12 <= container.duration / av.time_base <= 36


def test_it_moves_is_never_black_and_rests_at_its_end(film: Path) -> None:
    pictures = list(frames(film))
    changes = [np.abs(a.astype(int) - b).mean() for a, b in itertools.pairwise(pictures)]
    assert min(picture.max() for picture in pictures) > 100
    assert sum(change > 0.05 for change in changes) > len(pictures) / 3
    assert max(changes[-20:]) < 0.5
    assert np.abs(pictures[-1].astype(int) - pictures[0]).mean() > 3


def test_nothing_leaves_the_safe_area(film: Path) -> None:
    for picture in frames(film):
        height, width = picture.shape[:2]
        inner = picture.astype(int)[2:-2, 2:-2]
        background = inner[0, 0]
        marked = np.argwhere(np.abs(inner - background).max(axis=-1) > 40) + 2
        if len(marked):
            assert marked[:, 0].min() >= height * SAFE_MARGIN - 2
            assert marked[:, 0].max() <= height * (1 - SAFE_MARGIN) + 2
            assert marked[:, 1].min() >= width * SAFE_MARGIN - 2
            assert marked[:, 1].max() <= width * (1 - SAFE_MARGIN) + 2


def test_the_last_frame_is_the_reference(film: Path, request: pytest.FixtureRequest) -> None:
    *_, last = frames(film)
    if request.config.getoption("--update-references"):
        Image.fromarray(last).save(REFERENCE)
    expected = np.asarray(Image.open(REFERENCE).convert("RGB")).astype(int)
    assert last.shape == expected.shape
    assert np.abs(last - expected).mean() < 1.0
    assert (np.abs(last - expected).max(axis=-1) > 64).mean() < 0.002


def test_the_largest_weights_are_the_brightest_cells(film: Path) -> None:
    """The colours of the last frame rank as the recomputed weights do."""
    from scenes.score_matrix import ScoreMatrix
    from tests.scenes.played import play

    scene, _ = play(ScoreMatrix, sentence=SENTENCE)
    weights = recompute(SENTENCE)["weights"]
    *_, last = frames(film)
    seen = np.zeros_like(weights)
    for row, column in np.ndindex(weights.shape):
        cell = scene.all.weights.region(row, column)
        x = (cell.left + 0.15 * cell.width + scene.frame.width / 2) / scene.frame.width * last.shape[1]
        y = (scene.frame.height / 2 - cell.top + 0.15 * cell.height) / scene.frame.height * last.shape[0]
        seen[row, column] = last[round(y), round(x), 2]  # the blue of the weights' purple
    assert (seen.argmax(axis=1) == weights.argmax(axis=1)).all()
    true, drawn = (values.ravel().argsort().argsort() for values in (weights, seen))  # small weights are lit up
    assert np.corrcoef(true, drawn)[0, 1] > 0.99


def test_subtitles_follow_the_clip_without_gaps(film: Path) -> None:
    text = film.with_suffix(".srt").read_text()
    subtitles = list(srt.parse(text))
    assert len(subtitles) >= 6
    for one, following in itertools.pairwise(subtitles):
        assert 0 <= (following.start - one.end).total_seconds() <= 0.2  # while one fades and the next appears
    assert all(len(line) <= 60 for line in text.splitlines())


def test_a_second_render_uses_what_is_there(film: Path) -> None:
    before = film.read_bytes()
    segments = film.parents[1] / ".cache" / film.parent.name / film.stem
    written = {file: file.stat().st_mtime_ns for file in segments.glob("*.mp4")}
    render_film(Settings(sentence=SENTENCE), film.parents[1], PREVIEW, 1, clips=CLIP)
    assert {file: file.stat().st_mtime_ns for file in segments.glob("*.mp4")} == written
    assert list(frames(film))[-1].shape == (480, 854, 3)
    assert len(film.read_bytes()) == len(before)


def test_manim_alone_renders_it_too() -> None:
    manim = Path(sys.executable).parent / "manim"
    arguments = ["-pql", "--media_dir", str(Path.cwd() / "renders"), "scenes/score_matrix.py", "ScoreMatrix"]
    environment = {**os.environ, "ATTENTION_SENTENCE": "Hi", "PATH": ""}  # nothing to open the clip with
    subprocess.run([manim, *arguments], cwd=REPOSITORY, env=environment, check=True, capture_output=True)
    *_, last = frames(Path("renders/videos/score_matrix/480p15/ScoreMatrix.mp4"))
    assert last.max() > 100


@pytest.mark.parametrize("frame", ["1:1", "9:16"])
def test_other_frames_have_their_shape(frame: str, tmp_path: Path) -> None:
    clip, _ = render_film(Settings(sentence="Hi", frame=frame, theme="light"), tmp_path, PREVIEW, 1, clips=CLIP)
    *_, last = frames(clip)
    assert last.shape[:2] == ((480, 480) if frame == "1:1" else (854, 480))
    assert np.median(last) > 200  # the light theme


def test_a_transparent_clip_has_an_alpha_channel(tmp_path: Path) -> None:
    clip, whole = render_film(Settings(sentence="Hi", theme="transparent"), tmp_path, Output("mov", "l"), 1, clips=CLIP)
    assert clip.suffix == whole.suffix == ".mov"
    with av.open(str(clip)) as container:
        *_, last = container.decode(video=0)
    alpha = last.to_ndarray(format="rgba")[..., 3]
    assert alpha.min() == 0
    assert alpha.max() == 255


class Sliding(DrawingScene):
    def construct(self) -> None:
        label = Label("slides", (1, 1, 1), 1)
        self.add(label)
        for _ in range(2):
            self.play(Change(label, points=label.points + 1, run_time=0.4))


def slide() -> tuple[Path, list[Path]]:
    """Return a rendered movie and its segments."""
    options = {"media_dir": "media", "write_to_movie": True, "pixel_width": 160, "pixel_height": 90, "frame_rate": 10}
    with tempconfig({**QUIET, **options}):
        scene = Sliding()
        scene.render()
    writer = scene.renderer.file_writer
    return Path(writer.movie_file_path), [Path(str(segment)) for segment in writer.partial_movie_files]


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-40] + bytes(40), lambda content: content[:100], lambda _: b""]
)
def test_a_damaged_segment_is_made_again(damage: Callable[[bytes], bytes]) -> None:
    movie, segments = slide()
    whole, (first, second) = movie.read_bytes(), [segment.read_bytes() for segment in segments]
    untouched = segments[1].stat().st_mtime_ns
    segments[0].write_bytes(damage(first))
    slide()
    assert movie.read_bytes() == whole
    assert [segment.read_bytes() for segment in segments] == [first, second]
    assert segments[1].stat().st_mtime_ns == untouched  # only what is damaged


OWN_SCENE = """
from scenes.drawing.cairo_context import set_color
from scenes.drawing.drawing_scene import DrawingScene
from scenes.drawing.drawn_mobject import DrawnMobject

class Spot(DrawnMobject):
    def paint(self, context, width, height):
        set_color(context, ({red}, 0.5, 0), 1)
        context.rectangle(0, 0, width, height)
        context.fill()

class Own(DrawingScene):
    def construct(self):
        self.add(Spot(4, 4))
        self.wait(0.2)
"""


def test_a_scene_of_ones_own_is_drawn_anew_when_its_code_changes() -> None:
    shown = []
    for red in (0, 1):
        Path("own.py").write_text(OWN_SCENE.format(red=red))
        subprocess.run([sys.executable, "-m", "manim", "-ql", "-v", "ERROR", "own.py", "Own"], check=True, timeout=100)
        (movie,) = Path("media").rglob("Own.mp4")
        shown.append(next(frames(movie))[240, 427, 0])
    assert shown[0] < 5
    assert shown[1] > 250


def test_a_segment_stays_good_beside_many_modules_changed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a notebook, whose modules were written after it began."""
    for number in range(200):
        Path(f"own{number}.py").write_text("")
        module = ModuleType(f"own{number}")
        module.__file__ = str(Path(f"own{number}.py").absolute())
        monkeypatch.setitem(sys.modules, module.__name__, module)
    Path("segment.mp4").write_bytes(b"whole")
    seal(Path("segment.mp4"), Path("segment.mp4"))
    monkeypatch.setitem(sys.modules, "one_more", ModuleType("one_more"))
    assert is_sealed(Path("segment.mp4"))
