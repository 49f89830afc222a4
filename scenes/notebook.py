"""Clips in a Jupyter notebook. Imports nothing heavy until a clip is asked for."""

import base64
import warnings
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.display import HTML

    from scenes.clips import Clip
    from scenes.output.formats import FormatName, Quality


def show(sentence: str, clip: str, *, quality: "Quality" = "m", out: str | Path = "renders", **settings: Any) -> "HTML":
    """Render a clip of a sentence and return a player of it, for the last line of a notebook's cell.

    The clip goes into ``renders/`` in the notebook's folder, where the command line puts it too; the second time it is
    taken from there. The player holds the whole clip with its subtitles, so the notebook may be moved.

    Parameters
    ----------
    sentence
        Any text.
    clip
        Its scene (``"DirectedGraph"``), its file's name or its number; ``"Film"`` for the whole film.
    quality
        As Manim has it, from ``"l"`` (480p15) to ``"k"`` (2160p60).
    out
        Folder in which each sentence gets its own.
    **settings
        Any other field of `attention.settings.Settings`, such as ``model``, ``layer``, ``head``, ``theme``, ``frame``,
        or ``other`` and ``token`` for ``"Comparison"``; left out, as environment and ``attention.toml`` say.

    Raises
    ------
    UserError
        If the input is at fault or the clip cannot be rendered.

    Examples
    --------
    >>> show("The bank of the river was steep.", "Comparison", other="The bank approved the loan.")  # doctest: +SKIP
    """
    from IPython.display import HTML

    from attention.settings import read_settings
    from attention.tracing import chosen_trace
    from scenes.clips import film_clips, find_clip
    from scenes.drawing.missing_fonts import missing_fonts
    from scenes.look.own_theme import faults, read_theme
    from scenes.output.cores import CORES
    from scenes.output.formats import Output
    from scenes.output.preparing import prepare
    from scenes.output.rendering import render_clips, render_film
    from scenes.words import _

    chosen = read_settings(sentence=sentence, **settings)
    whole = clip.casefold() == "film"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "IProgress not found")  # of bars that nobody sees
        clips = film_clips(chosen_trace(chosen).heads, chosen.clips) if whole else [find_clip(clip)]
        labels = prepare(clips, chosen).labels
    for line in (*missing_fonts(labels), *faults(read_theme(chosen.theme))):
        warnings.warn(line, stacklevel=2)
    form: FormatName = "webm" if chosen.transparent else "mp4"  # what browsers play
    output = Output.of(chosen, form, quality=quality)
    render = render_film if whole else render_clips
    with _ProgressBar() as bar:
        file = render(chosen, Path(out), output, CORES, clips, bar.on_beat)[-1]
    title = _("Self-attention") if whole else _(clips[0].title)
    return HTML(_player(file, _("{title}: {sentence}", title=title, sentence=sentence)))


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
    from scenes.drawing.subtitles import subtitle_file
    from scenes.words import language, language_name

    subtitles = subtitle_file(file, ".vtt").read_bytes()
    return (
        f'<video controls playsinline style="max-width: 100%" aria-label="{escape(title)}">'
        f'<source type="video/{file.suffix[1:]}" src="{_embedded("video/" + file.suffix[1:], file.read_bytes())}">'
        f'<track kind="captions" srclang="{language()}" label="{escape(language_name())}" '
        f'src="{_embedded("text/vtt", subtitles)}">'
        "</video>"
    )


def _embedded(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
