"""What several tests share because it takes long: a browser, and a deck of two clips."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import pytest

from attention.settings import Settings
from scenes.clips import find_clip
from scenes.deck.decks import write_deck
from scenes.output.formats import Output
from scenes.output.rendering import render_clips

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.scenes.browser import Visit


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    from tests.scenes.browser import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def visit(chromium: "Browser") -> "Iterator[Callable[..., Visit]]":
    """Give ``visit(file, width=…, height=…)``, which opens a file offline; see :class:`tests.scenes.browser.Visit`."""
    from tests.scenes.browser import opened

    with ExitStack() as visits:

        def open_file(*arguments: Any, **size: int) -> "Visit":
            return visits.enter_context(opened(chromium, *arguments, **size))

        yield open_file


TALK = Settings(sentence="Hi <b> &")  # what a page must escape
TALK_CLIPS = [find_clip("Tokenization"), find_clip("DirectedGraph")]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Render the clips of the deck."""
    root = tmp_path_factory.mktemp("talk") / "renders"
    return render_clips(TALK, root, Output("mp4", "l"), 2, TALK_CLIPS)


@pytest.fixture(scope="session")
def slides(rendered: list[Path]) -> int:
    """Return how many slides the deck must have."""
    count = 0
    for clip in rendered:
        with av.open(str(clip)) as container:
            count += len(container.chapters())
    return count


@pytest.fixture(scope="session")
def one_file(rendered: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the deck that is one file, alone in its folder."""
    page = write_deck(TALK, rendered[0].parents[1], "l", 2, TALK_CLIPS, one_file=True)
    return page.rename(tmp_path_factory.mktemp("alone") / page.name)


@pytest.fixture(scope="session")
def deck(rendered: list[Path], one_file: Path) -> Path:  # noqa: ARG001 - which has the same name
    return write_deck(TALK, rendered[0].parents[1], "l", 2, TALK_CLIPS)
