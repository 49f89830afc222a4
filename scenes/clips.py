"""The clips: one row for each says all that the rest of the package knows about it."""

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from itertools import pairwise
from typing import Any, Literal

from attention import UserError


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
    needs
        What is computed before it is rendered: the trace of its sentence, of a pair of them, or those of all heads.
    """

    module: str
    scene: str
    title: str
    seconds: float
    place: str = ""
    least_heads: int = 1
    needs: Literal["sentence", "pair", "heads"] = "sentence"

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
    Clip("head_gallery", "HeadGallery", "What each head does", 8.8, needs="heads"),
    Clip("comparison", "Comparison", "One word in two sentences", 5.3, needs="pair"),
)


def film_clips(heads: int) -> tuple[Clip, ...]:
    """Return the clips of the film, in order, of a model whose layer has so many heads."""
    return tuple(clip for clip in CLIPS if clip.place and heads >= clip.least_heads)


def clip_before(scene: type, heads: int) -> Clip | None:
    """Return the clip that the film plays before ``scene``, of a model whose layer has so many heads; None for none.

    What derives from a clip's scene stands for it.
    """
    names = {each.__name__ for each in scene.__mro__}
    return next((before for before, clip in pairwise(film_clips(heads)) if clip.scene in names), None)


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
