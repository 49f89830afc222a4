"""The package as pip installs it, far from the checkout, beside somebody's own folder ``scenes/``."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
import typer

from scenes.cli import app

CHECKOUT = Path(__file__).parents[1]
PACKAGES = ("attention", "scenes")
SCENE = """
from attention import trace
from manim import FadeOut
from scenes.drawing.change import Change
from scenes.drawing.drawing_scene import DrawingScene
from scenes.look.theme import THEMES
from scenes.mobjects.label import Label

class Mine(DrawingScene):
    def construct(self):
        label = Label(trace("Hi").labels[0], THEMES["dark"].text, 0.5)
        self.play(Change(label, opacity=0.5, run_time=0.2), run_time=0.2)
"""

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, as building leaves files behind."""
    source = tmp_path_factory.mktemp("source")
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, source / package)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", source / "made", source)
    (made,) = source.glob("made/*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it into a fresh environment, which borrows nothing but the dependencies from this one."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True
    )
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(found.stdout.strip(), "borrowed.pth").write_text("\n".join(borrowed))
    return python


def pip(*arguments: str | Path) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Return the folder of a talk with scenes of its own."""
    folder = tmp_path / "talk"
    (folder / "scenes").mkdir(parents=True)
    (folder / "scenes/film.py").write_text("raise ImportError('this is mine')")
    (folder / "mine.py").write_text(SCENE)
    return folder


def run(python: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [python, *arguments], cwd=folder, env=os.environ | {"ATTENTION_SENTENCE": "Hi"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", *PACKAGES], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert set(tracked.stdout.split()) <= set(ZipFile(wheel).namelist())


CALLS = {
    "film": ["Hi", "-q", "l", "--format", "png"],
    "clip": ["HeadGallery", "Hi", "-q", "l", "--format", "svg"],
    "compare": ["a cat", "the cat", "-q", "l", "--format", "pdf"],
    "deck": ["Hi", "-q", "l", "--to", "pdf"],
    "trace": ["Hi"],
    "heads": ["Hi"],
    "train": ["--corpus", "books", "--out", "my-model"],
    "evaluate": ["links.jsonl"],
    "words": ["--export", "my.po"],
    "cache": [],
}


COMMANDS = {*typer.main.get_command(app).commands} - {"samples"}  # type: ignore[attr-defined]  # a film, made small


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command_works_beside_scenes_of_ones_own(command: str, python: Path, talk: Path) -> None:
    (talk / "books").mkdir()
    (talk / "books/one.txt").write_text("CHAPTER I\n\n" + "The cat saw the king.\nThe king loved a bird.\n" * 100)
    links = (CHECKOUT / "tests/data/links.jsonl").read_text(encoding="utf-8").splitlines()[:3]
    (talk / "links.jsonl").write_text("\n".join(links), encoding="utf-8")
    *_, last = run(python.parent / "attention", talk, command, *CALLS[command]).splitlines()
    if re.fullmatch(r"\S+\.\w{3,4}", last):  # a file that was made
        assert (talk / last).stat().st_size > 0


def test_a_clip_and_its_page_are_made_beside_scenes_of_ones_own(python: Path, talk: Path) -> None:
    attention = str(python.parent / "attention")
    assert '"hi"' in run(Path(attention), talk, "trace", "Hi", "--json").lower()
    for name in ("__init__.py", "../scenes.py"):  # a package of the same name, too
        (talk / "scenes" / name).write_text("raise ImportError('this is mine')")
    run(Path(attention), talk, "clip", "communication", "Hi", "-q", "l")
    made = talk / "renders/hi_480p15"
    assert {"04-communication.mp4", "04-communication.vtt", "index.html"} <= {file.name for file in made.iterdir()}


def test_show_works_beside_scenes_of_ones_own(python: Path, talk: Path) -> None:
    player = run(python, talk, "-c", "from scenes import show; print(show('Hi', 'communication', quality='l').data)")
    assert "<video" in player


def test_plain_manim_renders_installed_scenes_and_ones_own(python: Path, talk: Path) -> None:
    where = run(python, talk, "-P", "-c", "import scenes.communication as clip; print(clip.__file__)").strip()
    assert python.parents[1] in Path(where).parents
    for file, scene in ((where, "Communication"), ("mine.py", "Mine")):
        run(python, talk, "-P", "-m", "manim", "-ql", "--media_dir", "made", file, scene)
        assert list(talk.glob(f"made/**/{scene}.mp4"))
