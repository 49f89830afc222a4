import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from attention import UserError
from attention.model_folder import find_model
from attention.settings import Settings
from attention.slug import tag
from scenes.output import film_folder as folders
from scenes.output.formats import Output
from scenes.output.manifest import Manifest

ROOT = Path("renders")


def film_folder(sentence: str, **chosen: Any) -> Path:
    return folders.film_folder(ROOT, sentence, Settings(sentence=sentence, **chosen))


def test_a_sentence_keeps_its_folder() -> None:
    assert film_folder("The cat sat.") == film_folder("The cat sat.") == ROOT / "the-cat-sat"
    assert Manifest.read(ROOT / "the-cat-sat") == Manifest(sentence="The cat sat.")


def test_another_sentence_of_the_same_name_gets_its_own() -> None:
    film_folder("The cat sat.")
    assert film_folder("The cat sat!") == ROOT / f"the-cat-sat-{tag('The cat sat!')}"
    assert Manifest.read(ROOT / "the-cat-sat").sentence == "The cat sat."


def test_what_is_not_as_by_default_stands_in_the_name(tmp_path: Path) -> None:
    model = shutil.copytree(find_model("tiny").path, tmp_path / "My model!")
    digest = find_model(str(model)).digest[:6]
    chosen = {"model": str(model), "layer": 3, "head": "mean", "hide_special": True, "theme": "light", "frame": "9:16"}
    assert film_folder("Hi", **chosen).name == f"hi_my-model-{digest}_layer-3_head-mean_hide-special_light_9x16"
    assert film_folder("Hi", causal=True).name == "hi_causal"
    assert film_folder("Hi", pace=0.8, captions=False).name == "hi_pace-0.8_no-captions"
    assert film_folder("Hi", pace=1, captions=True).name == "hi"
    assert film_folder("Hi", language="de", words="some/My words.po").name == "hi_de_words-my-words"
    settings = Settings(sentence="Hi")
    names = [
        folders.film_folder(ROOT, "Hi", settings, output).name
        for output in (Output(), Output(quality="h"), Output(fps=10), Output(size=(640, 360), quality="l"))
    ]
    assert names == ["hi", "hi_1080p60", "hi_720p10", "hi_640x360p15"]


def test_a_loop_or_what_has_a_limit_is_another_file() -> None:
    names = [output.file_name("x") for output in (Output(), Output(loops=True), Output("gif", max_bytes=5_000_000))]
    assert names == ["x.mp4", "x-loop.mp4", "x-at-most-5000000.gif"]


@pytest.mark.parametrize("name", ["videos", "samples", "notes"])
def test_other_peoples_folders_are_left_alone(name: str) -> None:
    (ROOT / name).mkdir(parents=True)
    (ROOT / name / "mine.txt").write_text("mine")
    assert film_folder(name) == ROOT / f"{name}-{tag(name)}"
    assert [file.name for file in (ROOT / name).iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("sentence", ["../../etc/passwd", "/", "a" * 300, "🙂", "CON", "con.", "aux", "..", "x\u202ey"])
def test_any_sentence_stays_under_the_root(sentence: str) -> None:
    folder = film_folder(sentence)
    assert folder.parent == ROOT
    assert len(folder.name) < 100
    assert folder.name not in {"con", "aux"}  # devices on Windows
    assert json.loads((folder / "manifest.json").read_text())["sentence"] == sentence


def test_a_place_that_cannot_be_written_to_is_named() -> None:
    ROOT.write_text("a file")
    with pytest.raises(UserError, match="renders"):
        film_folder("The cat sat.")


def test_a_cache_that_is_none_is_named() -> None:
    folder = film_folder("The cat sat.")
    shutil.rmtree(ROOT / folders.CACHE)
    (ROOT / folders.CACHE).write_text("mine")
    with pytest.raises(UserError, match=r"\.cache: cannot be written to .*: move it away"), folders.alone_in(folder):
        pass


MAKE = """
import sys
from pathlib import Path
from attention.settings import Settings
from scenes.output.film_folder import film_folder
sys.stdin.read()
print(film_folder(Path("renders"), "Hi", Settings(sentence="Hi")).as_posix())
"""


def test_processes_that_make_a_folder_at_the_same_moment_share_it() -> None:
    command = [sys.executable, "-c", MAKE]
    makers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.close()
    for maker in makers:
        assert maker.stdout is not None
        assert maker.stdout.read() == "renders/hi\n"
        maker.wait()
    assert {path.name for path in ROOT.iterdir()} == {"hi", ".cache"}
    assert list((ROOT / ".cache").iterdir()) == []


def test_what_killed_processes_left_goes() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine, other = (ROOT / ".cache" / f".hi.{process}.new" for process in (os.getpid(), gone.pid))
    for folder in (mine, other):
        folder.mkdir(parents=True)
        (folder / "manifest.json").touch()
    film_folder("The cat sat.")
    assert list((ROOT / ".cache").iterdir()) == [mine]


@pytest.mark.parametrize("content", ["", "null", "[]", "[" * 100_000, '{"sentence": 3}'])
def test_a_manifest_that_is_none_leaves_its_folder_alone(content: str) -> None:
    folder = film_folder("Hi")
    (folder / "manifest.json").write_text(content)
    assert film_folder("Hi") == ROOT / f"hi-{tag('Hi')}"
    assert (folder / "manifest.json").read_text() == content


def test_notes_that_cannot_be_read_are_left_out() -> None:
    folder = film_folder("Hi")
    (folder / "manifest.json").write_text('{"sentence": "Hi", "files": [1, {"name": "x.mp4"}, {"name": "../x"}]}')
    assert Manifest.read(folder) == Manifest(sentence="Hi")
