"""The deck's slides: exact to the frame, kept, with the captions as notes, in every format, and safe from bad luck."""

import itertools
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim_slides.config import PresentationConfig
from numpy.typing import NDArray
from PIL import Image
from pptx import Presentation
from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_TEXT

from attention import UserError
from attention.settings import Settings
from scenes.deck.cutting import read_beats
from scenes.deck.decks import write_deck
from tests.scenes.conftest import TALK, TALK_CLIPS
from tests.scenes.played import play
from tests.system import limit_files, on_posix

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("talk")]
Pictures = list[NDArray[np.uint8]]


def pictures(video: Path, colors: str = "gray8") -> Pictures:
    with av.open(str(video)) as container:
        return [frame.to_ndarray(format=colors) for frame in container.decode(video=0)]


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(np.subtract(one, other, dtype=int)).mean())


def listed(deck: Path, name: str) -> PresentationConfig:
    return PresentationConfig.from_file(deck.parent / "deck" / f"{name}.json")


def make(deck: Path, **choices: Any) -> Path:
    return write_deck(TALK, deck.parents[1], "l", 2, clips=TALK_CLIPS, **choices)


def test_a_slide_is_a_beat_exact_to_the_frame(deck: Path, rendered: list[Path]) -> None:
    for clip, file in zip(TALK_CLIPS, rendered, strict=True):
        scene, _ = play(clip.scene_class(), sentence=TALK.sentence)
        assert [beat.title for beat in read_beats(file)] == [name for name, _ in scene.chapters]
        slides = listed(deck, clip.scene).slides
        assert len(slides) == len(scene.chapters)
        parts = [pictures(slide.file) for slide in slides]
        assert all(parts)
        assert np.array_equal(list(itertools.chain(*parts)), pictures(file))


def test_a_slide_goes_backwards_frame_by_frame(deck: Path) -> None:
    longest = max(listed(deck, "Film").slides, key=lambda slide: len(pictures(slide.file)))
    forwards, backwards = pictures(longest.file), pictures(longest.rev_file)
    assert len(forwards) == len(backwards) > 60  # more than four seconds
    assert max(map(difference, forwards, reversed(backwards))) < 1
    assert difference(forwards[0], backwards[0]) > 1


def test_notes_are_the_captions(deck: Path) -> None:
    first, *_ = listed(deck, "Film").slides
    assert first.notes.splitlines() == [
        "Text becomes tokens, 1 of 7: The text stands alone",
        "Everything begins as raw text",
    ]
    assert all(len(slide.notes.splitlines()) >= 2 for slide in listed(deck, "Film").slides)


def test_manim_slides_knows_the_scenes(deck: Path, slides: int, tmp_path: Path) -> None:
    manim_slides = [sys.executable, "-m", "manim_slides"]
    folder = ["--folder", str(deck.parent / "deck")]
    done = subprocess.run([*manim_slides, "list-scenes", *folder], capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["DirectedGraph", "Film", "Tokenization"]
    page = tmp_path / "talk.html"
    subprocess.run([*manim_slides, "convert", *folder, "Film", page], capture_output=True, check=True)
    assert page.read_text().count("data-background-video=") == slides


def test_powerpoint(deck: Path, slides: int) -> None:
    opened = Presentation(str(make(deck, kind="pptx")))
    assert opened.slide_width * 9 == opened.slide_height * 16
    assert len(opened.slides) == slides
    assert TALK.sentence in opened.core_properties.title
    titles = [slide.shapes.title.text for slide in opened.slides]
    assert len(set(titles)) == slides
    for slide, known in zip(opened.slides, listed(deck, "Film").slides, strict=True):
        title, video = slide.shapes
        assert title.text == known.notes.split("\n")[0]
        assert title.top + title.height <= 0  # above the slide: for outlines and screen readers
        assert (video.width, video.height) == (opened.slide_width, opened.slide_height)
        assert video.poster_frame.content_type == "image/png"
        media = [part.target_part for part in slide.part.rels.values() if part.reltype.endswith("/video")]
        assert [part.blob for part in media] == [known.file.read_bytes()]
        assert slide.notes_slide.notes_text_frame.text == known.notes
        assert b'<p:cond delay="0"/>' in slide.part.blob  # plays by itself


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice: apt-get install libreoffice-impress")
def test_libreoffice_shows_the_slides(deck: Path, slides: int, tmp_path: Path) -> None:
    convert = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]
    for kind in ("pdf", "png"):
        subprocess.run(
            [*convert, kind, "--outdir", tmp_path, make(deck, kind="pptx")],
            capture_output=True,
            check=True,
            timeout=120,
        )
    assert (tmp_path / "deck.pdf").read_bytes().count(b"/Type/Page/") == slides
    expected = np.asarray(Image.fromarray(pictures(listed(deck, "Film").slides[0].file, "rgb24")[0]).resize((160, 90)))
    seen = np.asarray(Image.open(tmp_path / "deck.png").convert("RGB").resize((160, 90)))
    assert difference(seen, expected) < 3


def test_pdf_has_the_last_picture_of_each_slide_as_vectors_with_text(deck: Path, slides: int) -> None:
    with PdfDocument(make(deck, kind="pdf")) as opened:
        assert TALK.sentence in opened.get_metadata_value("Title")
        bookmarks = [(each.get_title(), each.get_dest().get_index()) for each in opened.get_toc()]
        first = len(listed(deck, TALK_CLIPS[0].scene).slides)
        assert bookmarks == [(clip.title, page) for clip, page in zip(TALK_CLIPS, (0, first), strict=True)]
        assert len(opened) == slides
        for page, slide in zip(opened, listed(deck, "Film").slides, strict=True):
            assert {each.type for each in page.get_objects(max_depth=9)} <= {FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_TEXT}
            text = " ".join(page.get_textpage().get_text_range().split())
            assert slide.notes.split("\n")[-1] in text  # the caption that is shown last
            seen = np.asarray(page.render(scale=854 / page.get_width()).to_pil().convert("RGB"))
            last = pictures(slide.file, "rgb24")[-1]
            assert difference(seen, last) < 3
            assert (np.abs(np.subtract(seen, last, dtype=int)).max(axis=-1) > 96).mean() < 0.003  # edges


def test_the_second_time_nothing_is_made_anew(deck: Path) -> None:
    def written() -> dict[Path, int]:
        return {file: file.stat().st_mtime_ns for file in (deck.parent / "deck" / "files").iterdir()}

    before = written()
    assert make(deck) == deck
    assert written() == before


def test_videos_that_no_slide_has_any_more_go(deck: Path, tmp_path: Path) -> None:
    own = copied(deck, tmp_path)
    stale = own.parent / "deck" / "files" / "01-tokenization-01-000000000000.mp4"
    stale.touch()
    make(own)
    assert videos_named_in(own) == {file.name for file in stale.parent.iterdir()}


def copied(deck: Path, to: Path) -> Path:
    """Copy all that was rendered, and return the page of the copy."""
    root = shutil.copytree(deck.parents[1], to / "renders", copy_function=shutil.copy2)
    return root / deck.parent.name / deck.name


def videos_named_in(page: Path) -> set[str]:
    return set(re.findall(r"deck/files/([\w-]+\.mp4)", page.read_text()))


MAKE = """
import sys
import time
from pathlib import Path
from attention import UserError
from attention.settings import Settings
from scenes.deck.decks import write_deck
from scenes.clips import find_clip
if __name__ == "__main__":
    try:
        clips = [find_clip(name) for name in sys.argv[3:]]
        write_deck(Settings(sentence=sys.argv[2]), Path("renders"), "l", 1, clips, sys.argv[1])
    except UserError as error:
        sys.exit(f"error: {error}")
"""


def making(kind: str, **options: Any) -> "subprocess.Popen[str]":
    """Begin to make a deck in the current folder, in another process."""
    arguments = [kind, TALK.sentence, *(clip.scene for clip in TALK_CLIPS)]
    return subprocess.Popen([sys.executable, "-c", MAKE, *arguments], stderr=subprocess.PIPE, text=True, **options)


def whole(folder: Path) -> bool:
    return all(pictures(file) for file in folder.glob("[!.]*.mp4"))


@on_posix
@pytest.mark.parametrize("kind", ["html", "pptx", "pdf"])
def test_a_full_disk_is_named_and_an_older_deck_stays(deck: Path, tmp_path: Path, kind: str) -> None:
    own = copied(deck, tmp_path)
    older = own.with_suffix(f".{kind}")
    older.write_text("older")
    files = own.parent / "deck" / "files"
    if kind == "html":
        shutil.rmtree(files)
    process = making(kind, preexec_fn=limit_files(60_000))
    _, told = process.communicate(timeout=300)
    assert process.returncode == 1
    assert len(told.splitlines()) == 1, told
    assert f"deck.{kind} was not written: the disk is full: make room and try again" in told
    assert older.read_text() == "older"
    assert kind != "html" or whole(files)
    assert [file.name for file in (*own.parent.rglob(".*"), *(own.parents[1] / ".cache").glob(".*"))] == []


@on_posix
def test_a_killed_run_leaves_the_older_deck_and_the_next_one_clears_up(deck: Path, tmp_path: Path) -> None:
    own = copied(deck, tmp_path)
    own.write_text("older")
    files = own.parent / "deck" / "files"
    shutil.rmtree(files)
    process = making("html")
    while process.poll() is None and not list(files.glob("*-reversed.mp4")):
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert own.read_text() == "older"
    assert whole(files)
    make(own)
    assert videos_named_in(own) == {file.name for file in files.iterdir()}


@pytest.mark.parametrize(
    ("choices", "kind", "one_file", "says"),
    [
        ({"theme": "transparent"}, "html", False, "choose --theme dark or light"),
        ({"frame": "9:16"}, "pptx", False, "PowerPoint's slides are 16:9, not 9:16"),
        ({}, "pdf", True, "leave out --one-file"),
    ],
)
def test_what_makes_no_deck_is_refused(choices: dict[str, str], kind: Any, one_file: bool, says: str) -> None:
    with pytest.raises(UserError, match=says):
        write_deck(Settings(**choices), Path("renders"), "l", 1, TALK_CLIPS, kind, one_file)
    assert not Path("renders").exists()


def test_without_manim_slides_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "manim_slides", None)
    with pytest.raises(UserError, match="pip install manim-slides"):
        write_deck(Settings(), Path("renders"), "l", 1, TALK_CLIPS)
    assert not Path("renders").exists()
    assert write_deck(Settings(), Path("renders"), "l", 1, TALK_CLIPS[:1], "pdf").is_file()  # which does without
