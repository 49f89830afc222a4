"""A real browser without a network: Debian's Chromium, driven by Playwright, which notes what goes wrong on a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Visit:
    """A page that was opened from disk, and what it did since."""

    page: Page
    folder: Path
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Requests for something that is neither in the page's folder nor in the page itself."""
        inside = (f"{self.folder.resolve().as_uri()}/", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(inside)]

    def assert_clean(self) -> None:
        """Nothing was asked for outside the folder, nothing failed to load, and the console has no error."""
        assert self.outside == []
        assert self.errors == []

    def serious_faults(self) -> list[str]:
        """Return the accessibility faults that axe-core calls serious or critical, with where they are."""
        options = {"resultTypes": ["violations"], "preload": False}  # preloading asks for files in a forbidden way
        found = Axe().run(self.page, options=options).response["violations"]
        return [
            f"{fault['id']}: {[node['target'] for node in fault['nodes']]}"
            for fault in found
            if fault["impact"] in ("serious", "critical")
        ]

    def fits_the_width(self) -> bool:
        """Whether nothing has to be scrolled sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium, which finds no host, and end it."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, file: Path, width: int = 1280, height: int = 720) -> Iterator[Visit]:
    """Open ``file`` in a window of that size, offline."""
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    visit = Visit(context.new_page(), file.parent)

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            visit.errors.append(message.text)

    def on_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a video that the page no longer needs
            visit.errors.append(f"{request.url}: {request.failure}")

    context.on("request", lambda request: visit.requests.append(request.url))
    context.on("requestfailed", on_failure)
    context.on("console", on_console)
    context.on("weberror", lambda error: visit.errors.append(str(error.error)))
    visit.page.goto(file.resolve().as_uri())
    yield visit
    context.close()
