"""The clips: one row for each says all that the rest of the package knows about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from attention import AttentionTrace, UserError
from attention.settings import Settings, paired
from attention.surveying import chosen_survey
from attention.tracing import chosen_trace
from scenes.comparison_parts.pair import read_pair


@dataclass(frozen=True)
class Subject:
    """What clips are about. It is computed before they are rendered, so that each finds in the cache what it needs."""

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


@dataclass(frozen=True)
class Clip:
    """A scene, and all that the rest of the package knows about it.

    Parameters
    ----------
    module, scene
        Its file in the package `scenes`, and the class in it.
    title
        What it is about, in a few words.
    seconds
        How long it takes to render at low quality, about; long ones are begun first.
    place
        Where in the film it stands, such as "01"; empty, if it is no part of the film.
    least_heads
        The film has it for models whose layer has at least so many heads.
    prepare
        Computes what it is about.
    """

    module: str
    scene: str
    title: str
    seconds: float
    place: str = ""
    least_heads: int = 1
    prepare: Callable[[Settings], Subject] = one_sentence

    @property
    def name(self) -> str:
        """What its files are called, without ending."""
        return f"{self.place}-{self.module.replace('_', '-')}".removeprefix("-")

    def scene_class(self) -> Any:
        """Import and return the scene."""
        return getattr(import_module(f"scenes.{self.module}"), self.scene)


CLIPS = (
    Clip("tokenization", "Tokenization", "Text becomes tokens", 5.8, "01"),
    Clip("embeddings", "Embeddings", "Tokens become vectors", 4.3, "02"),
    Clip("relationships", "Relationships", "Tokens relate to one another", 6.1, "03"),
    Clip("communication", "Communication", "Attention is communication", 3.6, "04"),
    Clip("query_key_value", "QueryKeyValue", "Queries, keys and values", 4.9, "05"),
    Clip("score_matrix", "ScoreMatrix", "Scores and weights", 5.4, "06"),
    Clip("context_vectors", "ContextVectors", "Embeddings with context", 5.6, "07"),
    Clip("multi_head", "MultiHead", "Several heads at once", 6.5, "07b", least_heads=2),
    Clip("broader_picture", "BroaderPicture", "The broader picture", 4.7, "08"),
    Clip("pytorch_code", "PyTorchCode", "The same in PyTorch", 5.4, "09"),
    Clip("directed_graph", "DirectedGraph", "A directed graph", 5.4, "10"),
    Clip("head_gallery", "HeadGallery", "What each head does", 8.8, prepare=all_heads),
    Clip("comparison", "Comparison", "One word in two sentences", 5.3, prepare=two_sentences),
)


def film_clips(heads: int) -> tuple[Clip, ...]:
    """Return the clips of the film, in order, of a model whose layer has so many heads."""
    return tuple(clip for clip in CLIPS if clip.place and heads >= clip.least_heads)


def prepare(clips: Iterable[Clip], settings: Settings) -> Subject:
    """Compute what ``clips`` need and look whether they can draw it, and return what the first of them is about.

    Raises
    ------
    UserError
        If the input is at fault.
    """
    clips = tuple(clips)
    subjects = [prepared(settings) for prepared in dict.fromkeys(clip.prepare for clip in clips)]
    if settings.decoder is not None:
        for clip in clips:
            clip.scene_class().check_can_draw(subjects[0].trace)
    return subjects[0]


def find_clip(name: str) -> Clip:
    """Return the clip called ``name``: its scene (``ScoreMatrix``), its file (``score-matrix``) or its number (``6``).

    Raises
    ------
    UserError
        If there is none; says which there are, those with a similar name first.
    """
    wanted = name.casefold().lstrip("0")
    for clip in CLIPS:
        if _plain(name) in (_plain(clip.scene), _plain(clip.name)) or (wanted and wanted == clip.place.lstrip("0")):
            return clip
    names = {_plain(clip.scene): clip.module.replace("_", "-") for clip in CLIPS}
    near = get_close_matches(_plain(name), names, n=len(names), cutoff=0.5)
    listed = ", ".join(names[each] for each in dict.fromkeys([*near, *names]))
    raise UserError(f"there is no clip {name!r}: choose one of {listed}")


def _plain(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "").removesuffix(".py").lstrip("0123456789")
