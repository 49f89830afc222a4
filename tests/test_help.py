"""Help texts: what their docstrings say is printed, and what they give as an example is taken."""

import inspect
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from attention.settings import About, fields_about
from scenes.cli import app

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def help_of(*command: str) -> str:
    done = CliRunner(env={"COLUMNS": "1000"}).invoke(app, [*command, "--help"])
    assert done.exit_code == 0
    return plain(done.stdout)


def plain(text: str) -> str:
    """Return ``text`` without what Markdown or a terminal adds to its words."""
    return " ".join(text.replace("`", "").replace("│", " ").split())


def words(command: Any) -> list[str]:
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(command.callback.__doc__))
    return [*paragraphs, *(each.help for each in command.params)]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_nothing_of_a_help_text_is_lost(name: str) -> None:
    shown = help_of(name)
    assert [text for text in words(COMMANDS[name]) if plain(text) not in shown] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_an_example_is_taken_as_it_is_printed(name: str) -> None:
    for folder in ("books", "my-checkpoint"):
        Path(folder).mkdir()
    shown = help_of(name)
    (example,) = re.findall(r"Example: attention (.*)", shown)
    first, *arguments = shlex.split(re.split(r"[,|]", example)[0])
    assert first == name
    assert COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("about", ["model", "head", "decoder", "look", "words", "clip"])
def test_a_command_takes_all_settings_of_a_kind_or_none(name: str, about: About) -> None:
    options = {option.name for option in COMMANDS[name].params}
    assert options & {*fields_about(about)} in (set(), {*fields_about(about)})


def test_each_command_is_listed() -> None:
    shown = help_of()
    assert [name for name in COMMANDS if name not in shown.split()] == []
