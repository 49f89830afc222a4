"""Each kind of file is what it says: codec, pixels, length, transparency, and that it ends where it begins."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from attention import UserError
from attention.settings import Settings
from scenes.clips import find_clip
from scenes.output.formats import Output, suited
from scenes.output.gif import write_gif
from scenes.output.manifest import Manifest
from scenes.output.rendering import render_clips

pytestmark = pytest.mark.apart

HI = Settings(sentence="Hi")
CLIP = [find_clip("Communication")]  # a short one


def render(settings: Settings = HI, form: Any = None, **choices: Any) -> Path:
    settings = suited(settings, form, choices.get("size"))
    (file,) = render_clips(settings, Path("renders"), Output.of(settings, form, **choices), 1, CLIP)
    return file


@dataclass
class Probe:
    codec: str
    pixels: str
    size: tuple[int, int]
    rate: Fraction | None
    seconds: float
    frames: list[NDArray[Any]]  # RGBA


def probe(file: Path) -> Probe:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        if "alpha_mode" in {name.lower() for name in stream.metadata}:  # FFmpeg's own decoder drops the alpha
            decoder = av.CodecContext.create("libvpx-vp9", "r")
            decoded = [frame for packet in container.demux(stream) for frame in decoder.decode(packet)]
        else:
            decoded = list(container.decode(stream))
        frames = [frame.to_ndarray(format="rgba") for frame in decoded]  # colours not multiplied by their alpha
        seconds = float(container.duration or 0) / av.time_base
        return Probe(
            stream.codec_context.name,
            decoded[0].format.name,
            (stream.width, stream.height),
            stream.average_rate,
            seconds,
            frames,
        )


@pytest.mark.slow
def test_every_kind_of_video_and_picture_is_what_it_says() -> None:
    forms = {form: render(form=form, quality="l", fps=5) for form in ("mp4", "webm", "mov", "gif", "png", "svg", "pdf")}
    probes = {form: probe(forms[form]) for form in ("mp4", "webm", "mov", "gif")}
    found = {form: (each.codec, each.pixels) for form, each in probes.items()}
    assert found == {
        "mp4": ("h264", "yuv420p"),
        "webm": ("libvpx-vp9", "yuva420p"),
        "mov": ("prores", "yuva444p12le"),
        "gif": ("gif", "bgra"),
    } or found == {
        "mp4": ("h264", "yuv420p"),
        "webm": ("vp9", "yuva420p"),
        "mov": ("prores", "yuva444p12le"),
        "gif": ("gif", "bgra"),
    }
    lengths = {len(each.frames) for each in probes.values()}
    (count,) = lengths
    for form, each in probes.items():
        assert each.seconds == pytest.approx(count / 5, abs=0.15), form
        assert each.size == (854, 480), form
    raw = forms["mp4"].read_bytes()
    assert raw.index(b"moov") < raw.index(b"mdat")  # plays while it loads

    folder = forms["mp4"].parent
    still = np.asarray(Image.open(forms["png"]).convert("RGB"), float)
    assert np.abs(still - probes["mp4"].frames[-1][..., :3]).mean() < 2  # the still is the last frame
    assert np.abs(still - probes["gif"].frames[-1][..., :3]).mean() < 3
    for form in ("webm", "mov"):
        _assert_alpha_is_alpha(probes[form].frames[-1], forms["png"])
    with av.open(str(forms["mp4"])) as container:
        assert container.metadata["title"] == CLIP[0].title
        assert container.metadata["comment"] == "Hi"
    assert Image.open(forms["png"]).text["Description"] == "Hi"  # type: ignore[attr-defined]
    assert "<desc>Hi</desc>" in forms["svg"].read_text()
    assert forms["pdf"].read_bytes().startswith(b"%PDF")
    _assert_manifest_is_right(folder, {"clip", "still", "poster", "subtitles"})
    _assert_manifest_is_right(forms["webm"].parent, {"clip", "poster", "subtitles"})
    notes = {note.name: note for note in Manifest.read(folder).files}
    assert notes["04-communication.gif"].fps == pytest.approx(5, abs=0.05)


def _over_black(frame: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(frame[..., :3] * (frame[..., 3:] / 255))


def _assert_alpha_is_alpha(frame: NDArray[Any], opaque: Path) -> None:
    """Over black it is the opaque picture's ink; over white and over black it differs where nothing was drawn."""
    alpha = frame[..., 3:].astype(float) / 255
    over = {shade: frame[..., :3] * alpha + shade * (1 - alpha) for shade in (0, 255)}
    differs = np.abs(over[255] - over[0]).max(axis=-1)
    background = np.asarray(Image.open(opaque).convert("RGB"))
    empty = (background == np.median(background, axis=(0, 1))).all(axis=-1)
    assert np.median(differs[empty]) == 255  # where nothing is drawn, all of what lies below is seen
    assert (differs < 5).sum() > 100  # and where ink is, none of it
    inked = np.abs(background.astype(float) - np.median(background, axis=(0, 1))).max(axis=-1) > 150
    assert np.median(differs[inked]) < 60


def _assert_manifest_is_right(folder: Path, kinds: set[str]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["sentence"] == "Hi"
    listed = {entry["name"]: entry for entry in manifest["files"]}
    on_disk = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert listed.keys() == on_disk - {"manifest.json", "index.html"}
    for name, entry in listed.items():
        content = (folder / name).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["model"]["name"] == "tiny"
        assert {"theme", "frame", "layer", "head", "resolution"} <= entry["settings"].keys()
        assert entry["versions"].keys() >= {"manim", "torch"}
        if entry["kind"] == "clip":
            assert entry["duration"] == pytest.approx(probe(folder / name).seconds, abs=0.01)
    assert {entry["kind"] for entry in listed.values()} == kinds


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["dark", "transparent"])
def test_a_loop_ends_on_its_first_frame(theme: Any) -> None:
    settings = Settings(sentence="Hi", theme=theme)
    looped = probe(render(settings, "mov" if theme == "transparent" else "mp4", quality="l", fps=10, loops=True))
    plain = probe(render(settings, "mov" if theme == "transparent" else "mp4", quality="l", fps=10))
    seen = [_over_black(frame) for frame in looped.frames]
    by_itself = np.abs(_over_black(plain.frames[0]) - _over_black(plain.frames[-1])).mean()
    assert np.abs(seen[0] - seen[-1]).mean() < by_itself / 10
    assert len(plain.frames) < len(seen) < len(plain.frames) + 10
    steps = [np.abs(one - other).mean() for one, other in zip(seen[-7:], seen[-6:], strict=False)]
    assert max(steps) < by_itself / 2  # it gets there step by step


@pytest.mark.slow
def test_size_and_rate_are_as_chosen() -> None:
    square = probe(render(form="mp4", quality="l", size=(360, 360), fps=12))
    assert (square.size, square.rate) == ((360, 360), 12)
    with Image.open(render(form="png", size=(1366, 768))) as picture:
        assert picture.size == (1366, 768)


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({"size": (1921, 1080)}, "even"),
        ({"size": (1024, 768)}, "1366x768|1024x576"),
        ({"size": (100, 100)}, "128"),
        ({"form": "mp4", "max_bytes": 5}, "gif"),
        ({"form": "png", "loops": True}, "still"),
    ],
)
def test_choices_that_do_not_suit_are_refused(choices: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        Output.of(HI, **choices)


def moving(path: Path, rate: int = 20, seconds: int = 3) -> Path:
    """Write a clip in which something moves over noise, which compresses badly."""
    noise = np.random.default_rng(0).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for index in range(rate * seconds):
            picture = np.roll(noise, index, axis=1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def test_a_gif_gets_slower_then_smaller_until_it_fits() -> None:
    clip = moving(Path("clip.mp4"))
    full = probe(write_gif(clip, Path("full.gif"), None))
    size = Path("full.gif").stat().st_size
    assert len(full.frames) == 60
    slower = probe(write_gif(clip, Path("slower.gif"), size // 2))
    assert Path("slower.gif").stat().st_size <= size // 2
    assert slower.size == full.size
    assert len(slower.frames) < 60
    smaller = probe(write_gif(clip, Path("smaller.gif"), size // 40))
    assert Path("smaller.gif").stat().st_size <= size // 40
    assert smaller.size < full.size
    for each in (slower, smaller):
        assert each.seconds == pytest.approx(3, abs=0.6)
    assert b"NETSCAPE2.0\x03\x01\x00\x00" in Path("full.gif").read_bytes()  # without end
    Path("tiny.gif").write_text("older")
    with pytest.raises(UserError, match=r"takes [1-9][\d.]*KB .*max-size"):
        write_gif(clip, Path("tiny.gif"), 100)
    assert Path("tiny.gif").read_text() == "older"
    assert not list(Path().glob(".*"))


@pytest.mark.parametrize("rate", [15, 12, 50])
def test_a_gif_plays_as_fast_as_its_clip(rate: int) -> None:
    """Pauses are whole hundredths of a second; over the clip they come to what was asked for."""
    with Image.open(write_gif(moving(Path("clip.mp4"), rate), Path("clip.gif"), None)) as gif:
        ends = np.cumsum([gif.seek(index) or gif.info["duration"] for index in range(gif.n_frames)])  # type: ignore[attr-defined]
    assert len(ends) == 3 * rate
    np.testing.assert_allclose(ends / 1000, np.arange(1, len(ends) + 1) / rate, atol=0.01)


@pytest.mark.slow
def test_two_renders_into_one_folder_do_not_disturb_each_other() -> None:
    attention = Path(sys.executable).parent / "attention"
    both = [
        subprocess.Popen([attention, "clip", "4", "Hi", "-q", "l"], stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = "".join(process.communicate(timeout=120)[1] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert re.fullmatch(r"(waiting for another render into renders/hi_480p15\n)?", said)
    assert len(probe(Path("renders/hi_480p15/04-communication.mp4")).frames) > 100
