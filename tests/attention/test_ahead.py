"""PyTorch in a process of its own: it answers as if it were here, and nothing depends on it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from attention import UserError, ahead


@pytest.fixture
def begun() -> Iterator[None]:
    ahead.begin()
    yield
    ahead.end()


def refuse() -> None:
    raise UserError("no")


def test_without_it_a_call_is_made_here() -> None:
    assert ahead.call(os.getpid) == os.getpid()


@pytest.mark.usefixtures("begun")
def test_with_it_a_call_is_made_there_and_raises_here() -> None:
    there = ahead.call(os.getpid)
    assert there != os.getpid()
    with pytest.raises(UserError, match="no"):
        ahead.call(refuse)
    assert ahead.call(os.getpid) == there
    ahead.end()
    assert not psutil.pid_exists(there)
    assert ahead.call(os.getpid) == os.getpid()


@pytest.mark.usefixtures("begun")
def test_what_cannot_be_sent_is_made_here() -> None:
    assert ahead.call(lambda: os.getpid()) == os.getpid()


@pytest.mark.usefixtures("begun")
def test_when_it_is_killed_a_call_is_made_here() -> None:
    psutil.Process(ahead.call(os.getpid)).kill()
    assert ahead.call(os.getpid) == os.getpid()


TRACED = """
import sys
from scenes import __main__, cli
sys.argv = ["attention", "trace", "A text that is new"]
cli._end = lambda code: print(code, "torch" in sys.modules)
__main__.start()
"""


@pytest.mark.slow
def test_a_command_imports_pytorch_there_and_nothing_from_the_current_folder() -> None:
    for name in ("multiprocessing", "torch", "attention", "signal"):
        Path(f"{name}.py").write_text(f"open('ran-{name}', 'w').close()\n")
    done = subprocess.run([sys.executable, "-P", "-c", TRACED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 False"
    assert list(Path().glob("ran-*")) == []
