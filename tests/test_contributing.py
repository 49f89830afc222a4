"""CONTRIBUTING.md holds what it says: its example of a clip becomes one, and its drawing is the house."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from attention.settings import FRAMES
from scenes.clips import CLIPS
from tests.scenes.test_audit import QUICK
from tests.scenes.test_truth import SENTENCES
from tests.test_floors import FLOORS, REPOSITORY

TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
SCENE, PLACES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
HOUSE, ROW = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
AUDITS = "tests/scenes/test_audit.py", "tests/scenes/test_truth.py"
NAMES = 24  # letters, of a line of the drawing, in which rooms stand


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the checkout, and add the clip to it as it is written there."""
    house = tmp_path_factory.mktemp("house")
    for folder in ("attention", "scenes", "tests"):
        shutil.copytree(REPOSITORY / folder, house / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "CONTRIBUTING.md"):
        shutil.copy(REPOSITORY / file, house)
    parts = house / "scenes/received_parts"
    parts.mkdir()
    (parts / "__init__.py").write_text('"""What only the clip `Received` needs."""\n')
    (parts / "received_places.py").write_text(PLACES)
    (house / "scenes/received.py").write_text(SCENE)
    registry = house / "scenes/clips.py"
    after = r'("score_matrix",.*?\n    \),\n)'
    rows, count = re.subn(after, rf"\1{ROW}", registry.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)
    assert count == 1
    registry.write_text(rows, encoding="utf-8")
    return house


def run(house: Path, *arguments: str | Path) -> str:
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


@pytest.mark.slow
def test_the_example_plays_and_is_audited_as_all_clips_are(house: Path) -> None:
    run(house, "-m", "ruff", "format", "--check", "scenes")
    run(house, "-m", "ruff", "check", "scenes")
    told = run(house, "-m", "pytest", "-n", "0", "-k", "received", "tests/test_floors.py", *AUDITS)
    assert int(re.findall(r"(\d+) passed", told)[-1]) > len(FRAMES) * len(QUICK) + len(SENTENCES), told


@pytest.mark.slow
def test_the_example_renders_where_its_row_says(house: Path) -> None:
    told = run(house, "-c", "from scenes.cli import main; main()", "clip", "received", "Hi there.", "-q", "l")
    assert Path(house, told.split()[-1]).name == "06b-received.mp4"


def test_the_house_is_drawn_floor_by_floor() -> None:
    lines = [line[:NAMES].split() for line in HOUSE.splitlines() if line.isascii() or "…" in line]
    drawn = [{name.rstrip("/").removesuffix(".py") for name in line} for line in lines]
    rooms = set().union(*FLOORS[:-1])
    assert rooms >= set().union(*drawn) - {"…"}
    assert rooms - set().union(*drawn) <= {room for clip in CLIPS for room in (clip.module, f"{clip.module}_parts")}
    heights = [[k for k, names in enumerate(drawn) if names & floor] for floor in reversed(FLOORS[:-1])]
    assert [height for (height,) in heights] == sorted(height for (height,) in heights)
