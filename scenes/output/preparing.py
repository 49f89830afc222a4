"""What clips are about, computed before they are rendered, so that each finds in the cache what it needs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from attention import AttentionTrace
from attention.settings import Settings, paired
from attention.surveying import chosen_survey
from attention.tracing import chosen_trace
from scenes.clips import Clip
from scenes.content.pair import read_pair
from scenes.drawing.missing_fonts import require_letters
from scenes.output.processes import begin_importing
from scenes.words import language_name, speak


@dataclass(frozen=True)
class Subject:
    """What clips are about."""

    settings: Settings
    sentence: str
    labels: tuple[str, ...]  # of all tokens
    trace: AttentionTrace


def one_sentence(settings: Settings) -> Subject:
    """Prepare a clip about one sentence."""
    trace = chosen_trace(settings)
    labels = trace.labels if trace.source is None else (*trace.labels, *trace.source.labels)
    return Subject(settings, trace.text, labels, trace)


def two_sentences(settings: Settings) -> Subject:
    """Prepare a clip about a word in two sentences."""
    settings = paired(settings)
    pair = read_pair(settings)
    return Subject(settings, pair.sentence, pair.labels, pair.first)


def all_heads(settings: Settings) -> Subject:
    """Prepare a clip about all heads of a model."""
    chosen_survey(settings)
    return one_sentence(settings)


def prepare(clips: Iterable[Clip], settings: Settings) -> Subject:
    """Compute what ``clips`` need and look whether they can draw it, and return what the first of them is about.

    From then on the language of ``settings`` is spoken.

    Raises
    ------
    UserError
        If the input is at fault.
    """
    speak(settings)
    begin_importing()  # Manim, beside PyTorch
    require_letters(language_name())
    clips = tuple(clips)
    subjects = [_PREPARE[needs](settings) for needs in dict.fromkeys(clip.needs for clip in clips)]
    if settings.decoder is not None:
        for clip in clips:
            clip.scene_class().check_can_draw(subjects[0].trace)
    return subjects[0]


_PREPARE: dict[str, Callable[[Settings], Subject]] = {
    "sentence": one_sentence,
    "pair": two_sentences,
    "heads": all_heads,
}
