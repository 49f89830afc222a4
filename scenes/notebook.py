"""Clips in a Jupyter notebook. Imports nothing heavy until a clip is asked for."""

import base64
import warnings
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.display import HTML

    from attention.attention_trace import Head
    from attention.settings import FrameName, ThemeName
    from scenes.output.clips import Clip
    from scenes.output.formats import FormatName, Quality


def show(
    sentence: str,
    clip: str,
    *,
    model: str | None = None,
    layer: int | None = None,
    head: "Head | None" = None,
    theme: "ThemeName | None" = None,
    frame: "FrameName | None" = None,
    quality: "Quality" = "m",
) -> "HTML":
    """Render a clip of a sentence and return a player of it, for the last line of a notebook's cell.

    The clip goes into ``renders/`` in the notebook's folder, where the command line puts it too; the second time it is
    taken from there. The player holds the whole clip with its subtitles, so the notebook may be moved.

    Parameters
    ----------
    sentence
        Any text.
    clip
        Its scene (``"DirectedGraph"``), its file's name or its number.
    model, layer, head, theme, frame
        As on the command line; left out, as environment and ``attention.toml`` say.
    quality
        As Manim has it, from ``"l"`` (480p15) to ``"k"`` (2160p60).

    Raises
    ------
    UserError
        If the input is at fault or the clip cannot be rendered.
    """
    from IPython.display import HTML

    from attention.settings import read_settings
    from attention.tracing import chosen_trace
    from scenes.look.missing_fonts import missing_fonts
    from scenes.output.clip_names import find_clip
    from scenes.output.formats import Output
    from scenes.output.rendering import render_clips

    found = find_clip(clip)
    settings = read_settings(sentence=sentence, model=model, layer=layer, head=head, theme=theme, frame=frame)
    for line in missing_fonts(chosen_trace(settings).labels):
        warnings.warn(line, stacklevel=2)
    form: FormatName = "webm" if settings.theme == "transparent" else "mp4"  # what browsers play
    output = Output.of(settings, form, quality=quality)
    with _ProgressBar() as bar:
        (file,) = render_clips(settings, Path("renders"), output, 1, bar.on_beat, [found])
    return HTML(_player(file, f"{found.title}: {chosen_trace(settings).sentence}"))


class _ProgressBar:
    """How many of its beats a clip has played, shown under the cell until it has played all."""

    def __enter__(self) -> "_ProgressBar":
        self._shown: Any = None
        return self

    def on_beat(self, clip: "Clip", done: int, total: int) -> None:
        from IPython.display import HTML, display

        bar = HTML(f'<label>{clip.name} <progress value="{done}" max="{total}"></progress></label>')
        if self._shown:
            self._shown.update(bar)
        elif done < total:
            self._shown = display(bar, display_id=True)

    def __exit__(self, *_: object) -> None:
        from IPython.display import HTML

        if self._shown:
            self._shown.update(HTML(""))


def _player(file: Path, title: str) -> str:
    subtitles = file.with_suffix(".vtt").read_bytes()
    return (
        f'<video controls playsinline style="max-width: 100%" aria-label="{escape(title)}">'
        f'<source type="video/{file.suffix[1:]}" src="{_embedded("video/" + file.suffix[1:], file.read_bytes())}">'
        f'<track kind="captions" srclang="en" label="English" src="{_embedded("text/vtt", subtitles)}">'
        "</video>"
    )


def _embedded(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
