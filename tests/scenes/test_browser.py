"""The browser that other tests look through is not blind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenes.browser import Visit

pytestmark = pytest.mark.browser

PAGE = '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>{}</main></html>'


def write(html: str) -> Path:
    file = Path("page") / "index.html"
    file.parent.mkdir()
    file.write_text(PAGE.format(html))
    return file


def test_a_good_page_is_clean(visit: Callable[..., Visit]) -> None:
    visited = visit(write("<p>Nothing else.</p>"), width=390)
    visited.assert_clean()
    assert visited.serious_faults() == []
    assert visited.fits_the_width()


def test_faults_are_seen(visit: Callable[..., Visit], tmp_path: Path) -> None:
    (tmp_path / "outside.js").touch()
    visited = visit(
        write(
            '<script src="../outside.js"></script><link rel="stylesheet" href="https://example.org/style.css">'
            '<script>console.error("wrong"); throw new Error("thrown")</script>'
            '<img src="missing.png"><p style="width: 500px">wide</p>'
        ),
        width=390,
    )
    assert [url.rpartition("/")[2] for url in visited.outside] == ["outside.js", "style.css"]
    for part in ("wrong", "thrown", "style.css", "missing.png"):
        assert any(part in error for error in visited.errors), (part, visited.errors)
    assert any(fault.startswith("image-alt") for fault in visited.serious_faults())
    assert not visited.fits_the_width()
