"""The browser that the tests marked `browser` share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

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
