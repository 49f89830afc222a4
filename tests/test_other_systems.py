"""What is not so on every system: processes that fork, modules of Unix, terminals that take any letter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import av
import pytest

from attention.settings import Settings
from scenes.clips import film_clips
from scenes.output import processes
from scenes.output.formats import Output
from scenes.output.rendering import render_film

REPOSITORY = Path(__file__).parents[1]
ATTENTION = str(Path(sys.executable).parent / "attention")


@pytest.mark.slow
def test_a_film_is_rendered_where_nothing_can_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "METHOD", "spawn")
    clips = film_clips(heads=1)
    settings = Settings(sentence="Hi")
    told = []
    output = Output.of(settings, size=(256, 144), fps=4)
    *files, film = render_film(settings, Path("renders"), output, 2, clips, lambda *beat: told.append(beat))
    assert [file.stem for file in files] == [clip.name for clip in clips]
    assert {clip for clip, *_ in told} == set(clips)
    with av.open(str(film)) as container:
        assert len(container.chapters()) == len(clips) == 10
        assert (container.duration or 0) / av.time_base > 120
    assert (film.parent / "index.html").is_file()


ONLY_UNIX = """
import os, signal, sys
from importlib import import_module
from pathlib import Path

def load():
    for package in ("attention", "scenes", "tests"):
        for file in sorted(Path(sys.argv[1], package).rglob("*.py")):
            name = ".".join(file.relative_to(sys.argv[1]).with_suffix("").parts)
            if not name.endswith("__main__"):
                import_module(name.removesuffix(".__init__"))

load()  # with what they need of others
ours = [name for name in sys.modules if name.partition(".")[0] in ("attention", "scenes", "tests")]
for name in ours:
    del sys.modules[name]
for name in ("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "getuid", "geteuid", "killpg", "mkfifo", "sched_getaffinity", "setsid", "uname"):
    delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGALRM", "SIGUSR1", "SIGCHLD", "alarm"):
    delattr(signal, name)
load()
print(len(ours))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="takes away what only Unix has")
def test_every_module_is_imported_without_what_only_unix_has() -> None:
    call = [sys.executable, "-c", ONLY_UNIX, REPOSITORY]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(call, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 250


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_letters_that_a_pipe_does_not_take_stop_nothing(encoding: str) -> None:
    """As on Windows, where a pipe takes 256 characters."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
        environment = os.environ | {"PYTHONIOENCODING": encoding}
        return subprocess.run([ATTENTION, *arguments], capture_output=True, env=environment, timeout=120)

    for arguments in (["trace", "a 猫 🙂"], ["heads", "a 猫 🙂"], ["cache"], ["--help"], ["trace", "--help"]):
        done = run(*arguments)
        assert done.returncode == 0, done
        assert b"Traceback" not in done.stderr
    told = json.loads(run("trace", "a 猫 🙂", "--json").stdout)
    assert [token["text"] for token in told["tokens"]] == ["a", "猫", "🙂"]
    refused = run("trace", "a", "--model", "猫")
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
