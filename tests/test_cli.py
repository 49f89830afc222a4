"""The command line as a user's shell runs it: a process, with its output and exit code."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from attention import AttentionTrace, UserError, trace
from attention.model_folder import find_model
from scenes.cli import app
from tests.attention.checkpoints import make, minilm
from tests.system import limit_files, on_posix

pytestmark = pytest.mark.apart

ATTENTION = str(Path(sys.executable).parent / "attention")
MANIM = str(Path(sys.executable).parent / "manim")
REPOSITORY = Path(__file__).parents[1]


def run(*arguments: str | bytes, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ATTENTION, *arguments], capture_output=True, text=True, timeout=120, **options)


def assert_refused(done: subprocess.CompletedProcess[str], says: str) -> None:
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("error: ")
    assert says in done.stderr


def test_two_texts_are_told_apart(tmp_path: Path) -> None:
    folder = str(make(tmp_path / "t5", "t5"))
    told = json.loads(run("trace", "The cat sat.", "--model", folder, "--decoder", "Die Katze.", "--json").stdout)
    assert (told["sentence"], told["attended"]["sentence"]) == ("Die Katze.", "The cat sat.")
    rows, columns = told["tokens"], told["attended"]["tokens"]
    assert [len(row) for row in told["weights"][0]] == [len(columns)] * len(rows)
    assert columns[-1]["text"] == "</s>"
    assert "attended" not in json.loads(run("trace", "The cat sat.", "--json").stdout)
    done = run("clip", "QueryKeyValue", "Hi.", "--model", folder, "--decoder", "Ho.", "-o", str(tmp_path / "out"))
    assert_refused(done, "take the clip ScoreMatrix")
    assert not (tmp_path / "out").exists()
    assert_refused(run("trace", "Hi.", "--decoder", "Ho."), "omit --decoder")
    assert_refused(run("trace", "Hi.", "--model", folder, "--decoder", " "), "empty")


def test_help_teaches() -> None:
    for command in ("film", "deck", "trace", "heads", "train", "evaluate"):
        assert command in run("--help").stdout
        assert "Example: attention " in run(command, "--help").stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("\n\t ", "empty"),
        ("bell \x07", "U+0007"),
        (b"\xff\xfe", "Unicode"),
        ("\u0301", "no token"),
        ("word " * 10_000, "10000 tokens, the model takes at most 64"),
    ],
)
@pytest.mark.parametrize("command", ["trace", "film"])
def test_bad_text_is_refused(command: str, text: str | bytes, says: str) -> None:
    assert_refused(run(command, text), says)
    assert not Path("renders").exists()


def test_what_is_kept_is_shown_and_cleared(tmp_path: Path) -> None:
    own = {"env": os.environ | {"XDG_CACHE_HOME": str(tmp_path / "own")}}
    assert run("trace", "The cat sat.", **own).returncode == 0
    shown = run("cache", **own).stdout
    assert [line.split()[:2] for line in shown.splitlines()[:-1]] == [["layers", "1"], ["traces", "1"]]
    assert shown.endswith(": 0.1 MB of at most 1000.0 MB\n")
    assert run("cache", "--clear", **own).stdout.endswith(": 0.0 MB of at most 1000.0 MB\n")
    (tmp_path / "file").touch()
    assert run("cache", "--clear", env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "file")}).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["film", "x", "--model", "nowhere"], "nowhere"),
        (["trace", "x", "--model", "n" * 5000], "no model"),
        (["trace", "x", "--save", "s" * 300], "cannot be written"),
        (["film", "x", "--head", "1"], "head 1"),
        (["film", "x", "--head", "some"], "'mean'"),
        (["film", "x", "--model", "bert-base-uncased"], "hf download bert-base-uncased"),
        (["trace", "x", "--layer", "2"], "layer 2"),
        (["deck", "x", "--to", "docx"], "'docx'"),
        (["deck", "x", "--to", "pptx", "--frame", "1:1"], "16:9"),
        (["film", "x", "-q", "z"], "'z'"),
        (["film", "x", "--theme", "pink"], "'pink'"),
        (["film", "x", "--jobs", "0"], "jobs"),
        (["trace", "x", "y"], "y"),
        (["nonsense"], "nonsense"),
        (["compare", "one"], "second sentence"),
        (["clip", "comparison", "one"], "second sentence"),
        (["compare", "one", ""], "second sentence: the text is empty"),
        (["compare", "", "two"], "empty"),
        (["compare", "one cat", "a dog"], "share no word"),
        (
            ["compare", "the cat", "the dog", "--token", "cat"],
            "'cat' is not a word of the second sentence; both have: the",
        ),
        (["compare", "the cat", "the dog", "--head", "1"], "head 1"),
        (["compare", "the cat", "the dog", "three"], "three"),
        (["evaluate", "nowhere.jsonl"], "nowhere.jsonl"),
        (["train", "--corpus", ".", "--trained-on", "two\nlines"], "one line"),
        (["heads", "\n"], "empty"),
        (["heads", "x", "--model", "nowhere"], "nowhere"),
        (["heads", "x", "--frame", "2:1"], "'2:1'"),
        (["train", "--corpus", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_call_is_refused(arguments: list[str], says: str) -> None:
    assert_refused(run(*arguments), says)


def test_a_size_and_a_folder_can_be_chosen() -> None:
    done = run("clip", "communication", "Hi", "--format", "png", "--size", "320x180", "--out", "my talk")
    (still,) = map(Path, done.stdout.splitlines())
    assert still == Path("my talk/hi_320x180p30/04-communication.png")
    with Image.open(still) as picture:
        assert picture.size == (320, 180)
    assert {path.name for path in Path().iterdir()} == {"my talk"}


@pytest.mark.parametrize(("size", "says"), [("320", "1920x1080"), ("321x180", "even"), ("320x320", "shape")])
def test_a_wrong_size_is_refused(size: str, says: str) -> None:
    assert_refused(run("film", "Hi", "--frame", "16:9", "--size", size), says)


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    model = shutil.copytree(find_model("tiny").path, tmp_path / "model")
    (model / "model.safetensors").write_bytes(b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.")
    assert_refused(run("film", "x", "--model", str(model)), "model.safetensors")
    (model / "model.safetensors").unlink()
    assert_refused(run("film", "x", "--model", str(model)), "model.safetensors")
    assert not Path("owned").exists()


def test_a_trace_is_printed_as_a_table_as_json_and_saved() -> None:
    table = run("trace", "The cat sat. 🙂").stdout
    assert all(token in table for token in ("The", "cat", "sat", "🙂"))
    done = run("trace", "The cat sat. 🙂", "--json", "--save", "cat.safetensors")
    told = json.loads(done.stdout)
    saved = AttentionTrace.load(Path("cat.safetensors"))
    assert [token["text"] for token in told["tokens"]] == list(saved.labels)
    assert told["weights"] == saved.weights.tolist()
    assert [token["unknown"] for token in told["tokens"]] == [False] * 4 + [True]
    assert f"{saved.weights[0, 1, 1]:.2f}" in table


def test_a_checkpoint_is_shown_and_measured(tmp_path: Path) -> None:
    model = str(minilm())
    chosen = ["--model", model, "--layer", "3"]
    done = run("trace", "The cat sat.", *chosen, "--head", "mean", "--hide-special")
    table = done.stdout
    assert done.stderr == ""
    assert "[CLS] and [SEP] left out" in table
    assert f"{trace('The cat sat.', model, 3, hide_special=True).weights_of('mean')[1, 1]:.2f}" in table

    told = json.loads(here("trace", "The cat sat.", *chosen, "--json").stdout)
    assert (told["layer"], told["layers"], told["heads"], told["rotary"]) == (3, 6, 12, False)
    assert told["position_bias"] is None
    assert [token["special"] for token in told["tokens"]] == [True, *[False] * 4, True]
    assert told["weights"] == trace("The cat sat.", model, 3).weights.tolist()

    lines = (REPOSITORY / "tests/data/links.jsonl").read_text().splitlines()[:10]
    (tmp_path / "links.jsonl").write_text("\n".join(lines))
    figures = here("evaluate", "links.jsonl", *chosen, "--head", "2", "--hide-special").stdout
    assert re.search(r"sentences +10\b", figures)
    assert figures != here("evaluate", "links.jsonl", *chosen, "--head", "mean").stdout


@pytest.mark.parametrize("command", [["trace", "x"], ["film", "x"], ["clip", "1", "x"], ["evaluate", "links.jsonl"]])
@pytest.mark.parametrize(
    ("wrong", "says"), [(["--head", "12"], "heads are 0 to 11"), (["--layer", "6"], "layers are 0 to 5")]
)
def test_each_command_names_a_missing_head_or_layer(command: list[str], wrong: list[str], says: str) -> None:
    Path("links.jsonl").write_text("{}")
    assert says in str(here(*command, "--model", str(minilm()), *wrong).exception)


@pytest.mark.parametrize("command", [["trace", "x"], ["film", "x"], ["heads", "x"], ["evaluate", "links.jsonl"]])
def test_a_checkpoint_is_not_asked_to_look_otherwise_than_it_was_trained_to(command: list[str]) -> None:
    Path("links.jsonl").write_text("{}")
    refusal = here(*command, "--model", str(minilm()), "--causal").exception
    assert isinstance(refusal, UserError)
    assert "looks as it was trained to: leave --causal out" in str(refusal)
    assert "\n" not in str(refusal)


def here(*arguments: str) -> Any:
    """Run a command in this process, as a start takes seconds."""
    return CliRunner().invoke(app, arguments)


def test_a_file_that_is_no_trace_is_not_overwritten() -> None:
    Path("mine.txt").write_text("mine")
    assert_refused(run("trace", "x", "--save", "mine.txt"), "mine.txt")
    assert Path("mine.txt").read_text() == "mine"


def test_manim_alone_names_bad_text_too() -> None:
    done = subprocess.run(
        [MANIM, "-ql", str(REPOSITORY / "scenes/score_matrix.py"), "ScoreMatrix"],
        capture_output=True,
        text=True,
        env={**os.environ, "ATTENTION_SENTENCE": " "},
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["error: the text is empty: give a sentence, such as 'The cat sat on the mat.'"]


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"ATTENTION_SENTENCE": "one"}, "a comparison needs a second sentence"),
        ({"ATTENTION_TOKEN": "loan"}, "'loan' is not a word of the first sentence; both have: The, bank"),
    ],
)
def test_manim_alone_says_what_a_comparison_lacks(chosen: dict[str, str], says: str) -> None:
    done = subprocess.run(
        [MANIM, "-ql", str(REPOSITORY / "scenes/comparison.py"), "Comparison"],
        capture_output=True,
        text=True,
        env={**os.environ, **chosen},
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr


@pytest.mark.parametrize("how", ["option", "manim.cfg"])
def test_manim_alone_says_that_it_needs_cairo(how: str) -> None:
    if how == "manim.cfg":
        Path("manim.cfg").write_text("[CLI]\nrenderer = opengl\n")
    chosen = ["--renderer", "opengl"] if how == "option" else []
    command = [MANIM, "-ql", *chosen, str(REPOSITORY / "scenes/communication.py"), "Communication"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: these scenes are drawn by Cairo: leave out --renderer, also in manim.cfg"
    ]


@pytest.mark.slow
def test_two_sentences_are_compared_into_a_folder_of_their_own() -> None:
    done = run("compare", "The bank of the river was steep.", "The bank approved the loan.", "-q", "l", "--fps", "5")
    folder = Path("renders/the-bank-of-the-river-was-steep-the-bank-approved-the-loan_480p5")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        str(folder / "comparison.mp4"),
        "bank: cosine 1.00 before attention, 0.94 after",
    ]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["sentence"] == "The bank of the river was steep. / The bank approved the loan."
    assert {file["name"] for file in manifest["files"]} >= {
        "comparison.mp4",
        "comparison.srt",
        "posters/comparison.png",
    }
    assert "The bank approved the loan." in (folder / "index.html").read_text()


@on_posix
@pytest.mark.slow
def test_a_full_disk_is_named_and_an_older_clip_stays() -> None:
    old = _older_clip("the-cat-sat_480p15", "The cat sat.")

    run("trace", "The cat sat.")  # the trace is in the cache, which may be on another disk
    done = run("film", "The cat sat.", "-q", "l", preexec_fn=limit_files(50_000))
    assert_refused(done, "the disk is full: make room")
    assert old.read_text() == "older"
    assert _visible_files(old.parent) == {"01-tokenization.mp4", "manifest.json"}


@on_posix
@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_a_killed_render_leaves_nothing_and_an_older_clip_stays(how: str) -> None:
    old = _older_clip("the-cat-sat", "The cat sat.")
    process = subprocess.Popen(
        [ATTENTION, "film", "The cat sat.", "-q", "m"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
    )
    segments = Path("renders/.cache/the-cat-sat")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not any(segments.glob("*/[!.]*.mp4")):
        time.sleep(0.05)
    process.send_signal(getattr(signal, how))
    assert process.wait(timeout=120) != 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    before = set(segments.rglob("*"))
    time.sleep(2)
    assert set(segments.rglob("*")) == before  # nobody goes on in the background
    assert old.read_text() == "older"
    assert _visible_files(old.parent) == {"01-tokenization.mp4", "manifest.json"}


def _older_clip(name: str, sentence: str) -> Path:
    folder = Path("renders") / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"sentence": sentence}))
    (folder / "01-tokenization.mp4").write_text("older")
    return folder / "01-tokenization.mp4"


def _visible_files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}
