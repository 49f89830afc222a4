"""The command in folders that hold other people's Python and Manim's settings, and what it leaves there."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

ATTENTION = str(Path(sys.executable).parent / "attention")
MODULES = ("scenes", "attention", "random", "socket", "manim", "numpy", "av", "torch", "typer", "selectors", "signal")


@pytest.mark.slow
def test_python_in_the_current_folder_is_never_run() -> None:
    for name in MODULES:
        Path(f"{name}.py").write_text(f"open('ran-{name}', 'w').close()\nraise ImportError('mine')\n")
    Path("scenes").mkdir()
    Path("scenes/__init__.py").write_text("open('ran-package', 'w').close()\n")
    for arguments in (["trace", "Hi"], ["clip", "communication", "Hi", "-q", "l"], ["heads", "Hi"]):
        done = subprocess.run([ATTENTION, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert list(Path().glob("ran-*")) == []
    assert Path("renders/hi_480p15/04-communication.mp4").is_file()


BROKEN = "[CLI]\nrenderer = opengl\npixel_width = 22\nquality = no\nbackground_color = no\n["


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["clip", "communication", "Hi", "-q", "l", "--format", "png"],
        ["heads", "Hi"],
        ["deck", "Hi", "-q", "l", "--clips", "4"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_configuration_of_manim_counts(arguments: list[str]) -> None:
    home = Path("home").absolute()
    told = []
    for folder in ("without", "with"):
        done = subprocess.run(
            [ATTENTION, *arguments, "-o", folder],
            capture_output=True,
            text=True,
            env=os.environ | {"HOME": str(home), "USERPROFILE": str(home)},
            timeout=300,
        )
        assert (done.returncode, done.stderr) == (0, "")
        told.append(done.stdout.replace(folder, ""))
        for place in (Path(), home / ".config/manim", home / "AppData/Roaming/Manim"):
            place.mkdir(parents=True, exist_ok=True)
            (place / "manim.cfg").write_text(BROKEN)
        if folder == "without" and arguments[0] == "deck":
            shutil.copytree(folder, "with")  # its clips: "clip" has shown that they are the same
            shutil.rmtree(next(Path("with").rglob("deck")))
    assert told[0] == told[1]


@pytest.mark.slow
def test_a_killed_render_leaves_no_folder_of_sockets() -> None:
    # A short path: a socket's has at most 107 characters.
    temporary = Path(tempfile.mkdtemp())
    process = subprocess.Popen(
        [ATTENTION, "clip", "communication", "Hi", "-q", "l"], env={**os.environ, "TMPDIR": str(temporary)}
    )
    server: list[psutil.Process] = []
    while not server:
        assert process.poll() is None
        children = psutil.Process(process.pid).children()
        server = [child for child in children if "multiprocessing.forkserver" in str(child.cmdline())]
    assert list(temporary.glob("pymp-*/listener-*"))
    process.kill()
    process.wait()
    psutil.wait_procs(server, timeout=120)
    deadline = time.monotonic() + 30
    while list(temporary.glob("pymp-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(temporary.glob("pymp-*")) == []
    shutil.rmtree(temporary)
