"""What is printed, works: each command line of the README and each option of each command, run as a process."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import av
import pytest
import torch
import typer
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file

from attention import AttentionTrace
from attention.model_folder import find_model
from scenes.cli import app
from tests.attention.checkpoints import make
from tests.system import on_posix

pytestmark = pytest.mark.apart

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BESIDE = Path(sys.executable).parent  # the commands of this environment
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]

# Why a test cannot run what the README prints.
NOT_RUN = {
    r"(\.venv/bin/)?pip |.* -m pip ": "installs from a package index",
    r"apt-get ": "installs into the system",
    r"python -m venv ": "makes what is in use here; test_wheel.py makes another",
    r"(\.venv/bin/)?hf ": "downloads a model",
    r"source |.*[Aa]ctivate": "changes the shell that it is given in",
    r"\./check": "runs this test",
    r".* -m tests\.benchmarks": "takes an hour; tests/benchmarks has no promise to keep",
    r"PIP_\w+=": "needs wheels or an index of the user's own",
    r"manim-slides present": "opens a window; test_deck.py reads the folder with manim-slides",
    r"attention COMMAND --help": "stands for all commands; test_help.py asks each of them",
    r"attention trace \(": "Python",
}
PROGRAMS = {"attention", "manim", "manim-slides", "explain", "check", "pip", "hf", "source", "python", "py", "apt-get"}


@dataclass
class Told:
    """What a command printed, and the files that it named."""

    stdout: str
    files: list[Path]

    def entry(self, file: Path | None = None) -> dict[str, Any]:
        """Return what the manifest beside a file says of it."""
        file = file or self.files[-1]
        listed = json.loads((file.parent / "manifest.json").read_text())["files"]
        (entry,) = (entry for entry in listed if entry["name"] == file.name)
        return dict(entry)


def stills(*names: str, size: tuple[int, int] = (854, 480), light: bool = False) -> Callable[[Told], None]:
    def check(told: Told) -> None:
        assert [name for name in names if not any(name in file.name for file in told.files)] == []
        for file in told.files:
            with Image.open(file) as picture:
                assert picture.size == size
                assert (sum(picture.convert("RGB").getpixel((0, 0))) > 600) == light  # type: ignore[arg-type]

    return check


def video(suffix: str, size: tuple[int, int], rate: float | None = None) -> Callable[[Told], None]:
    def check(told: Told) -> None:
        assert told.files[-1].suffix == suffix
        with av.open(str(told.files[-1])) as opened:
            (stream,) = opened.streams.video
            assert (stream.width, stream.height) == size
            assert rate is None or float(stream.average_rate or 0) == pytest.approx(rate, rel=0.02)

    return check


def of_the_small_model(size: tuple[int, int], at_most: int, below: str) -> Callable[[Told], None]:
    """Return a check that layer 1, head 2 and all else of ``SMALL`` and ``GIF`` were heeded."""

    def check(told: Told) -> None:
        assert {file.parts[0] for file in told.files} == {below}
        for file in told.files:
            assert file.suffix == ".gif"
            assert file.stat().st_size <= at_most
            with Image.open(file) as picture:
                assert picture.size == size
                assert picture.info["duration"] >= 500  # at most two frames a second
                assert sum(picture.convert("RGB").getpixel((0, 0))) > 600  # type: ignore[arg-type]
        chosen = told.entry()["settings"]
        assert (chosen["layer"], chosen["head"], chosen["hide_special"]) == (1, 2, True)

    return check


def loops(told: Told) -> None:
    with Image.open(told.files[-1]) as picture:
        first = picture.convert("L").tobytes()
        picture.seek(picture.n_frames - 1)  # type: ignore[attr-defined]
        last = picture.convert("L").tobytes()
    assert sum(abs(one - other) > 16 for one, other in zip(first, last, strict=True)) < len(first) / 100


def both(*checks: Callable[[Told], None]) -> Callable[[Told], None]:
    return lambda told: [check(told) for check in checks] and None


def prints(*texts: str) -> Callable[[Told], None]:
    def check(told: Told) -> None:
        assert [text for text in texts if text not in told.stdout] == []

    return check


def writes(*names: str, below: str = "renders") -> Callable[[Told], None]:
    def check(told: Told) -> None:  # noqa: ARG001
        assert [name for name in names if not list(Path(below).rglob(name))] == []

    return check


def trace_told(told: Told) -> None:
    numbers = json.loads(told.stdout)
    assert (numbers["layer"], numbers["layers"], numbers["left_out"]) == (1, 6, ["[CLS]", "[SEP]"])
    assert AttentionTrace.load(Path("FILE.safetensors")).weights.tolist() == numbers["weights"]


def heads_told(told: Told) -> None:
    numbers = json.loads(told.stdout)
    assert numbers["left_out"] == ["[CLS]", "[SEP]"]
    assert "[CLS]" not in numbers["tokens"]
    picture = Path(next(value for value in numbers.values() if str(value).endswith("heads.png")))
    assert picture.parts[0] == "talk"
    with Image.open(picture) as opened:
        assert sum(opened.convert("RGB").getpixel((0, 0))) > 600  # type: ignore[arg-type]
        assert opened.width == opened.height


def _reworded(told: Told) -> None:  # noqa: ARG001
    assert 'msgstr "Zuerst ist da nur Text"' in Path("german.po").read_text(encoding="utf-8")


def previewed(told: Told) -> None:  # noqa: ARG001
    assert Path(Path("opened").read_text().strip()).name == "ScoreMatrix.mp4"


@dataclass(frozen=True)
class Run:
    """A command line, what makes it quick where it is one that the README prints, and what must come of it."""

    line: str
    check: Callable[[Told], None]
    quick: str = ""

    @property
    def words(self) -> list[str]:
        return shlex.split(f"{self.line} {self.quick}")

    @property
    def command(self) -> str:
        """The command of ``attention`` that is run, if it is one."""
        program, command, *_ = [word for word in self.words if not re.match(r"[A-Z_]+=", word)]
        return command if Path(program).name == "attention" else ""


STILL = "-q l --format png"
SMALL = "--model pickled --layer 1 --head 2 --hide-special --allow-pickle"
SAID = "--language de --words my.po"
GIF = (
    "--theme light --frame 1:1 -q l --size 128x128 --fps 2 --pace 0.8 --no-captions --format gif --max-size 100kB "
    f"{SAID}"
)
FILM = "tokenization.png", "directed-graph.png"

RUNS = (
    # the README's
    Run('./explain "Any sentence."', stills(*FILM), STILL),
    Run('attention film "Any sentence."', stills(*FILM), STILL),
    Run('.venv/bin/attention film "Any sentence." -q h --theme light', stills(*FILM, light=True), STILL),
    Run('attention film "Any sentence." --clips 3-6,10', writes("film.mp4", "03-*.mp4", "10-*.mp4"), "-q l --fps 5"),
    Run('attention clip ScoreMatrix "Any sentence."', stills("score-matrix.png"), STILL),
    Run(
        'attention compare "The bank of the river was steep." "The bank approved the loan." --token bank',
        both(stills("comparison.png"), prints("bank: cosine 1.00 before attention, 0.")),
        STILL,
    ),
    Run(
        'attention deck "Any sentence."',
        writes("deck.html", below="renders/any-sentence_causal_clips-6+10_480p15"),
        "-q l --causal --clips 6,10",
    ),
    Run('ATTENTION_SENTENCE="Any sentence." manim -pql scenes/score_matrix.py ScoreMatrix', previewed),
    Run('attention trace "Any sentence."', prints("Any", "sentence", "attention weights, model tiny")),
    Run('attention heads "Any sentence." --model PATH', both(prints("Heads"), writes("heads.png"))),
    Run("attention evaluate FILE", prints("self largest")),
    Run(
        "attention train --corpus DIR --out my-model",
        both(prints("--model my-model"), lambda _: _trained_on("one book")),
        '--seed 1 --trained-on "one book"',
    ),
    Run('attention film "Any sentence." --causal', stills("score-matrix.png"), STILL),
    Run(
        '.venv/bin/attention trace "The cat sat." --model minilm --layer 5 --head mean --hide-special',
        prints("layer 5, head mean", "[CLS] and [SEP] left out"),
    ),
    Run(
        'attention clip ScoreMatrix "The cat sat." --model t5-small --decoder "Le chat dort."',
        stills("score-matrix.png"),
        STILL,
    ),
    Run(
        "attention samples",
        writes("film.png", "01-tokenization.gif", "comparison.gif", below="talk/samples"),
        "-o talk",
    ),
    Run(
        'attention clip HeadGallery "Any sentence." --model PATH --layer 1 --head 8', stills("head-gallery.png"), STILL
    ),
    # all options of each command
    Run(
        f'attention film "Any sentence." {SMALL} {GIF} --clips 6-8 -j 1 -o DIR',
        of_the_small_model((128, 128), 100_000, "DIR"),
    ),
    Run(
        f'attention clip Comparison "the cat sat" --other "the cat" --token cat {SMALL} {GIF} --loop --out DIR',
        both(of_the_small_model((128, 128), 100_000, "DIR"), loops),
    ),
    Run('attention film "Any sentence." --language de', stills(*FILM), f"{STILL} --clips 1,10"),
    Run('attention film "Any sentence." --words my.po', stills("tokenization.png"), f"{STILL} --clips 1"),
    Run("attention words --export my.po", writes("new.po", below="."), "--export new.po"),
    Run("attention words --export german.po --language de --words my.po", _reworded),
    *(
        Run(f"attention words --export {name}.po --language {name}", writes(f"{name}.po", below="."))
        for name in ("en", "es", "fr", "pt", "zh")
    ),
    Run('attention film "Any sentence." --short', stills("short.png", size=(480, 854)), STILL),
    Run(
        f'attention compare "the cat sat" "the cat" --token the {SMALL} {GIF} --loop -o DIR',
        both(of_the_small_model((128, 128), 100_000, "DIR"), loops, prints("the: cosine")),
    ),
    Run(
        f'attention deck "Any" {SMALL} --theme light --frame 1:1 --pace 4 --no-captions -q l --clips 7b,8 --to html '
        f"--one-file -o talk -j 2 {SAID}",
        both(writes("deck.html", "07b-multi-head.mp4", below="talk"), lambda _: _no_folder("talk")),
    ),
    Run('attention deck "Any sentence." --to pptx -q l --causal --clips 6,10', writes("deck.pptx")),
    Run('attention deck "Any sentence." --to pdf -q l --causal --clips 6,10', writes("deck.pdf")),
    Run(f'attention trace "Any sentence." {SMALL} --json --save FILE.safetensors', trace_told),
    Run('attention trace "Any sentence." --model FOLDER --layer 3 --head 7', prints("layer 3, head 7")),
    Run(
        'attention trace "Any sentence." --model t5-small --decoder "Le chat dort."', prints("<pad>", "model t5-small")
    ),
    Run('attention trace "Any sentence." --save FILE', lambda _: AttentionTrace.load(Path("FILE")) and None),
    Run("attention trace Hi --model my-model", prints("model")),
    Run('attention clip ScoreMatrix "Any sentence." --causal', stills("score-matrix.png"), STILL),
    Run('attention compare "the cat sat" "the cat" --causal', stills("comparison.png"), STILL),
    Run('attention trace "Any sentence." --causal --json', lambda told: _looks_back(json.loads(told.stdout))),
    Run("attention heads Any --causal", writes("heads.png", below="renders/any_causal")),
    Run("attention evaluate FILE --causal", prints("self largest")),
    Run(
        'attention heads "Any sentence." --model pickled --hide-special --allow-pickle --theme light --frame 1:1 '
        f"--json -o talk {SAID}",
        heads_told,
    ),
    Run(f"attention evaluate FILE {SMALL}", prints("self largest")),
    Run("XDG_CACHE_HOME=HERE/elsewhere attention cache --clear", prints("elsewhere", "0.0 MB of at most")),
    # all values of the options
    Run("attention clip 1 Hi --format mp4 --theme dark -q l --fps 5", video(".mp4", (854, 480))),
    Run("attention clip 1 Hi --format webm --frame 9:16 --fps 5 -q l", video(".webm", (480, 854), 5)),
    Run("attention clip 1 Hi --format mov --theme transparent --fps 5 -q l", video(".mov", (854, 480), 5)),
    Run("attention clip 1 Hi --format gif --max-size 5MB --fps 30 --size 256x144", video(".gif", (256, 144), 100 / 3)),
    Run("attention clip 1 Hi --format png --frame 16:9 --size 1920x1080", stills("1", size=(1920, 1080))),
    Run("attention clip 1 Hi --format svg -q m", lambda told: _starts(told, b"<?xml")),
    Run("attention clip 1 Hi --format pdf -q h", lambda told: _starts(told, b"%PDF")),
    Run("attention clip 1 Hi --format png -q p", stills("1", size=(2560, 1440))),
    Run("attention clip 1 Hi --format png -q k", stills("1", size=(3840, 2160))),
)


def _starts(told: Told, start: bytes) -> None:
    assert told.files[-1].read_bytes().startswith(start)


def _trained_on(what: str) -> None:
    with safe_open("my-model/model.safetensors", "numpy") as file:
        assert file.metadata()["trained_on"] == what


def _looks_back(told: dict[str, Any]) -> None:
    assert told["causal"]
    assert told["weights"][0][0] == [1.0] + [0.0] * (len(told["tokens"]) - 1)


def _no_folder(root: str) -> None:
    assert not [path for path in Path(root).rglob("deck") if path.is_dir()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that has what the README's placeholders stand for."""
    folder = tmp_path_factory.mktemp("printed")
    for name in ("PATH", "FOLDER", "minilm", "pickled"):
        make(folder / name, "bert", num_hidden_layers=6, num_attention_heads=12, hidden_size=48)
    make(folder / "t5-small", "t5")
    weights = folder / "pickled" / "model.safetensors"
    torch.save(load_file(weights), weights.with_name("pytorch_model.bin"))
    weights.unlink()
    shutil.copytree(find_model("tiny").path, folder / "my-model")
    lines = (REPOSITORY / "tests/data/links.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "links.jsonl").write_text("\n".join(lines[:5]), encoding="utf-8")
    (folder / "DIR").mkdir()
    (folder / "DIR" / "book.txt").write_text("CHAPTER I\n\n" + "The cat saw the king.\nThe king loved a bird.\n" * 100)
    said = 'msgid "Everything begins as raw text"\nmsgstr "Zuerst ist da nur Text"\n'
    (folder / "my.po").write_text(said, encoding="utf-8")
    player = folder / "bin" / "xdg-open"
    player.parent.mkdir()
    player.write_text(f'#!/bin/sh\necho "$1" > "{folder}/opened"\n')
    player.chmod(0o755)
    shutil.copy(player, player.with_name("open"))
    return folder


@on_posix
@pytest.mark.slow
@pytest.mark.parametrize("run", [pytest.param(run, id=f"{run.line} {run.quick}".strip()) for run in RUNS])
def test_it_does_what_it_says(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    told = _run(run.words, place)
    run.check(told)


def _run(words: list[str], place: Path) -> Told:
    environment = dict(os.environ, PATH=f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}")
    while "=" in words[0]:
        name, _, value = words[0].partition("=")
        environment[name] = value.replace("HERE", str(place))
        words = words[1:]
    program = REPOSITORY / words[0] if words[0] == "./explain" else BESIDE / Path(words[0]).name
    places = {"FILE": "links.jsonl"} if "evaluate" in words else {}
    places["scenes/score_matrix.py"] = str(REPOSITORY / "scenes/score_matrix.py")
    arguments = [places.get(word, word) for word in words[1:]]
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=environment, timeout=600)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stdout.splitlines() if re.search(r"\.\w{3,4}$", line)]
    return Told(done.stdout, [Path(line) for line in lines if Path(line).is_file()])


def printed() -> Iterator[str]:
    """Yield each piece of code in the README: lines of its blocks, and what stands in backticks."""
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            yield re.sub(r"\s+#.*", "", line)
    for code in re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)):
        yield " ".join(code.split())


def _words(code: str) -> list[str]:
    try:
        return shlex.split(code)
    except ValueError:
        return []


def test_each_command_line_of_the_readme_is_run() -> None:
    lines = set()
    for code in printed():
        words = [word for word in _words(code) if not re.match(r"[A-Z_]+=", word)]
        if words and (words[0].startswith("./") or (len(words) > 1 and Path(words[0]).stem in PROGRAMS)):
            lines.add(code)
    assert len(lines) > 15
    run = {_any_sentence(run.line) for run in RUNS} | {f"attention {run.command}" for run in RUNS}
    left = sorted(line for line in lines if _any_sentence(line) not in run)
    assert [line for line in left if not any(re.match(reason, line) for reason in NOT_RUN)] == []


def _any_sentence(line: str) -> str:
    return re.sub(r'"[^"]*\."', '"Any sentence."', line)


def test_each_option_in_the_readme_is_run() -> None:
    fragments = {code for code in printed() if re.match(r"--?[a-z]", code) and not code.startswith("-e ")}
    assert len(fragments) > 10
    lines = [shlex.join(run.words) + " " for run in RUNS]
    assert [
        each for each in sorted(fragments) if not any(shlex.join(_words(each)) + " " in line for line in lines)
    ] == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_option_of_each_command_is_run(command: str) -> None:
    said = {word for run in RUNS if run.command == command for word in run.words}
    options = [each for each in COMMANDS[command].params if each.param_type_name == "option" and each.name != "help"]
    assert ["/".join(each.opts) for each in options if not said & {*each.opts, *each.secondary_opts}] == []
    assert any(run.command == command for run in RUNS)


def test_each_value_of_an_option_is_run() -> None:
    said = {word for run in RUNS for word in run.words}
    kinds = {each.type_descriptor.annotation for command in COMMANDS.values() for each in command.params}
    values = {value for kind in kinds if get_origin(kind) is Literal for value in get_args(kind)}
    assert len(values) > 15
    assert sorted(values - said) == []
