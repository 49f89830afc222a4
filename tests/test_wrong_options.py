"""Wrong options of every command: each ends in one line, exit code 2, and nothing written."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from scenes.cli import app, main

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
RIGHT = {  # what a wrong option is added to
    "film": ["Hi"],
    "clip": ["Comparison", "the cat", "--other", "the dog"],
    "compare": ["the cat", "the dog"],
    "deck": ["Hi"],
    "samples": [],
    "trace": ["Hi"],
    "heads": ["Hi"],
    "train": ["--corpus", "books"],
    "evaluate": ["links.jsonl"],
    "words": ["--export", "new.po"],
    "cache": [],
}
LONG = "a" * 5000
NUMBERS = "", "x", "1.5", "1e3", "--", "9" * 30
PLACES = "mine.txt", "mine.txt/below", LONG
WRONG = {
    "other": ("", "\x07", "\u0301"),
    "token": ("cat", "", LONG),
    "decoder": ("", "\x07", "\u0301", "cat"),  # the shipped model has none
    "model": ("", "nowhere", ".", *PLACES),
    "layer": (*NUMBERS, "-1", "1"),
    "head": (*NUMBERS, "-1", "1", "MEAN"),
    "hide_special": (None,),
    "causal": (None,),
    "allow_pickle": (None,),
    "theme": ("", "pink", "DARK "),
    "frame": ("", "2:1", "16/9"),
    "captions": (None,),
    "short": (None,),
    "pace": ("", "x", "--", "0", "-1", "0.2", "4.1", "nan", "inf", "1,5"),
    "language": ("", "xx", "DE"),
    "words": ("", "nowhere.po", ".", *PLACES),
    "export": (".", "mine.txt", "mine.txt/below", LONG),
    "clips": ("", ",", "0", "11", "6-3", "3-99", "3,3", "7b", "comparison", "../x", LONG),
    "quality": ("", "z", "ll"),
    "size": (
        "",
        "640",
        "640x",
        "x360",
        "641x360",
        "640x640x",
        "640 360",
        "0x0",
        "-640x360",
        "99999x99999",
        "640x360.0",
    ),
    "fps": (*NUMBERS, "0", "-1", "121"),
    "form": ("", "avif", "mp4 ", "."),
    "max_size": ("", "-1", "x", "MB", "5 bananas", "nan", "1e999MB", "5MB"),  # 5MB: of what is no GIF
    "loop": (None,),
    "out": PLACES,
    "jobs": (*NUMBERS[:-1], "0", "-1"),
    "to": ("", "docx", "PDF,html"),
    "one_file": (None,),
    "as_json": (None,),
    "clear": (None,),
    "save": (".", "mine.txt", "mine.txt/below", "a" * 300),
    "corpus": ("", "nowhere", "mine.txt", "."),
    "seed": ("", "x", "1.5"),
    "trained_on": ("", " ", "\x1b[31mred", LONG),
}
LATER = {("train", "out")}  # looked at when the training is done


def wrong_calls() -> Iterator[list[str]]:
    generator = random.Random(17)
    for name, command in COMMANDS.items():
        yield [name, *RIGHT[name], "--nonsense"]
        yield [name, *RIGHT[name], "one", "too", "many"]
        for option in command.params:
            if option.param_type_name != "option" or (name, option.name) in LATER:
                continue
            flag = max(option.opts, key=len)
            for value in WRONG[option.name]:
                yield [name, *RIGHT[name], f"{flag}=yes"] if value is None else [name, *RIGHT[name], flag, value]
            if WRONG[option.name] != (None,):
                yield [name, *RIGHT[name], flag]  # without a value
            if option.name not in ("other", "token", "decoder", "model", "out", "save", "corpus", "export"):
                noise = "".join(generator.choices("\u202e\u2028\n\t\x1b[{}<>&%'\"\\aé🙂", k=generator.randint(1, 9)))
                yield [name, *RIGHT[name], flag, noise]


@pytest.mark.parametrize("call", [pytest.param(call, id=ascii(" ".join(call))[:80]) for call in wrong_calls()])
def test_a_wrong_option_is_told_in_one_line(
    call: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.txt").write_text("mine")
    Path("links.jsonl").write_text("{}")
    Path("books").mkdir()
    before = sorted(Path().rglob("*"))
    monkeypatch.setattr("sys.argv", ["attention", *call])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert ended.value.code == 2
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert len(told.err.splitlines()) == 1, told.err
    assert sorted(Path().rglob("*")) == before
    assert Path("mine.txt").read_text() == "mine"


def test_all_commands_are_tried() -> None:
    assert RIGHT.keys() == COMMANDS.keys()
