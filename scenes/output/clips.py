"""The clips: which there are, and in which order."""

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Clip:
    """One scene of the film."""

    number: int
    scene: str
    title: str

    @property
    def module(self) -> str:
        """The scene's file in the package `scenes`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.scene.replace("PyTorch", "Pytorch")).lower()

    @property
    def name(self) -> str:
        """What its files are called, without ending."""
        return f"{self.number:02}-{self.module.replace('_', '-')}"

    def scene_class(self) -> Any:
        """Import and return the scene."""
        return getattr(import_module(f"scenes.{self.module}"), self.scene)


CLIPS = (
    Clip(1, "Tokenization", "Text becomes tokens"),
    Clip(2, "Embeddings", "Tokens become vectors"),
    Clip(3, "Relationships", "Tokens relate to one another"),
    Clip(4, "Communication", "Attention is communication"),
    Clip(5, "QueryKeyValue", "Queries, keys and values"),
    Clip(6, "ScoreMatrix", "Scores and weights"),
    Clip(7, "ContextVectors", "Embeddings with context"),
    Clip(8, "BroaderPicture", "The broader picture"),
    Clip(9, "PyTorchCode", "The same in PyTorch"),
    Clip(10, "DirectedGraph", "A directed graph"),
)

# As measured. Begun in this order, so that no core waits at the end for a long clip on another.
LONGEST_FIRST = (
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
