"""Every test runs in an empty folder, with a cache of its own and none of the user's settings."""

import gc
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # pytest has a process for each core; more threads wait for one another

from collections import Counter
from pathlib import Path

import pytest
from manim import config

from attention.settings import Settings
from scenes.output.cores import CORES
from scenes.words import speak

gc.set_threshold(100_000)  # as the command line does


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-references", action="store_true", help="take the frames rendered now as references")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:  # noqa: ARG001 - as pytest asks
    """One more than there are cores: often a process waits for a browser, or for a command that it has started."""
    return CORES + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each file to one process, those that take long first; tests that stand apart fill up the end."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])
    items.sort(key=lambda item: bool(item.get_closest_marker("apart")))
    for item in items:
        if not any(item.iter_markers("apart")) and not any(item.iter_markers("xdist_group")):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = str(tmp_path_factory.mktemp("cache"))
    os.environ |= {"XDG_CACHE_HOME": cache, "WIN_PD_OVERRIDE_LOCAL_APPDATA": cache}
    config.media_dir = str(tmp_path_factory.mktemp("media"))  # formulas are set once, not for each test
    for name in [name for name in os.environ if name.startswith("ATTENTION_")]:
        del os.environ[name]


@pytest.fixture(autouse=True)
def plain_english() -> None:
    """Speak English, whatever the test before has spoken."""
    speak(Settings())


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path
