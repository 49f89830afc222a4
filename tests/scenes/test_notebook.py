"""`show` in a notebook that really runs, and its player in a browser."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.attention.checkpoints import make
from tests.scenes.browser import Visit

pytestmark = [pytest.mark.slow]

CELLS = (
    "from scenes import show",
    'show("Hi <b> &", "DirectedGraph", quality="l")',
    'show("Hi <b> &", "10", quality="l")',
    'show("Hi", "nowhere")',
    'show("Hi", "HeadGallery", model="model", layer=1, head=2, hide_special=True, theme="light", quality="l")',
    'show("a cat", "Comparison", other="the cat", token="cat", frame="1:1", quality="l", out="talk")',
    'show("Hi", "Film", clips="4,10", quality="l")',
    'show("Hi", "Film", themes="dark")',
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """Run the cells in a kernel, and return what stands under each."""
    folder = tmp_path_factory.mktemp("notebook")
    make(folder / "model", "bert")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    told: list[str] = []

    class Client(NotebookClient):
        def process_message(self, message: Any, *arguments: Any) -> Any:
            told.append(str(message["content"].get("data", {}).get("text/html", "")))
            return super().process_message(message, *arguments)

    Client(notebook, timeout=600, allow_errors=True, resources={"metadata": {"path": str(folder)}}).execute()
    assert sorted(path.name for path in (folder / "renders" / "hi-b_480p15").glob("*.mp4")) == ["10-directed-graph.mp4"]
    assert any('<progress value="1"' in html for html in told)
    return [cell.outputs for cell in notebook.cells]


def player(shown: list[Any]) -> str:
    """Return the player under a cell; nothing else is seen there."""
    *others, last = shown
    assert [other.data["text/html"] for other in others] in ([], [""])
    assert last.output_type == "execute_result"
    return str(last.data["text/html"])


def test_a_clip_is_shown_and_the_second_time_at_once(outputs: list[list[Any]]) -> None:
    first, second = outputs[1:3]
    assert player(first) == player(second)
    assert len(second) == 1  # nothing was rendered, so no progress was shown


def test_a_mistake_is_told_in_one_line(outputs: list[list[Any]]) -> None:
    (error,) = outputs[3]
    assert error.output_type == "error"
    assert error.traceback == [error.traceback[0]]
    assert error.traceback[0].startswith("error: there is no clip 'nowhere': choose one of ")


def test_each_setting_is_taken_and_nothing_else_stands_under_the_cell(outputs: list[list[Any]]) -> None:
    gallery, comparison, film = map(player, outputs[4:7])
    assert 'aria-label="Self-attention: Hi"' in film
    assert 'aria-label="What each head does: Hi"' in gallery
    assert "a cat" in comparison


def test_a_setting_that_is_none_is_told_in_one_line(outputs: list[list[Any]]) -> None:
    (error,) = outputs[7]
    assert error.traceback[0].startswith("error: there is no setting 'themes': choose one of sentence, ")
    assert "\n" not in error.traceback[0]


@pytest.mark.browser
def test_the_player_plays_and_has_subtitles(outputs: list[list[Any]], visit: Callable[..., Visit]) -> None:
    page = Path("notebook.html")
    content = player(outputs[1])
    page.write_text(f'<!doctype html><html lang="en"><title>A notebook</title><main>{content}</main></html>')
    visited = visit(page, width=390)
    video = visited.page.locator("video")
    video.evaluate("video => { video.muted = true; video.textTracks[0].mode = 'hidden'; return video.play(); }")
    visited.page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    visited.page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length > 3")
    assert video.get_attribute("aria-label") == "A directed graph: Hi <b> &"
    assert visited.fits_the_width()
    assert visited.serious_faults() == []
    visited.assert_clean()


def test_importing_scenes_is_light() -> None:
    code = "import sys; from scenes import show; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"manim", "torch", "numpy", "pydantic", "IPython"} & set(done.stdout.split())
