"""The clips: which there are, and in which order."""

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Clip:
    """A scene, and where in the film it stands."""

    place: str  # such as "01"; empty, if it is no part of the film
    scene: str
    title: str

    @property
    def module(self) -> str:
        """The scene's file in the package `scenes`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.scene.replace("PyTorch", "Pytorch")).lower()

    @property
    def name(self) -> str:
        """What its files are called, without ending."""
        return f"{self.place}-{self.module.replace('_', '-')}".removeprefix("-")

    def scene_class(self) -> Any:
        """Import and return the scene."""
        return getattr(import_module(f"scenes.{self.module}"), self.scene)


CLIPS = (
    Clip("01", "Tokenization", "Text becomes tokens"),
    Clip("02", "Embeddings", "Tokens become vectors"),
    Clip("03", "Relationships", "Tokens relate to one another"),
    Clip("04", "Communication", "Attention is communication"),
    Clip("05", "QueryKeyValue", "Queries, keys and values"),
    Clip("06", "ScoreMatrix", "Scores and weights"),
    Clip("07", "ContextVectors", "Embeddings with context"),
    Clip("08", "BroaderPicture", "The broader picture"),
    Clip("09", "PyTorchCode", "The same in PyTorch"),
    Clip("10", "DirectedGraph", "A directed graph"),
)

MULTI_HEAD = Clip("07b", "MultiHead", "Several heads at once")
HEAD_GALLERY = Clip("", "HeadGallery", "What each head does")
COMPARISON = Clip("", "Comparison", "One word in two sentences")
ALL_CLIPS = (*CLIPS, MULTI_HEAD, HEAD_GALLERY, COMPARISON)

# As measured. Begun in this order, so that no core waits at the end for a long clip on another.
LONGEST_FIRST = (
    "Comparison",
    "HeadGallery",
    "MultiHead",
    "Relationships",
    "PyTorchCode",
    "DirectedGraph",
    "ContextVectors",
    "QueryKeyValue",
    "ScoreMatrix",
    "Embeddings",
    "BroaderPicture",
    "Tokenization",
    "Communication",
)


def film_clips(heads: int) -> tuple[Clip, ...]:
    """Return the clips of the film of a model whose layer has so many heads."""
    return CLIPS if heads == 1 else (*CLIPS[:7], MULTI_HEAD, *CLIPS[7:])
