"""The clips: one row for each says all that the rest of the package knows about it."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from itertools import chain, pairwise
from typing import Any, Literal

from attention import UserError
from scenes.words import N_


@dataclass(frozen=True)
class Clip:
    """A scene, and all that the rest of the package knows about it.

    Parameters
    ----------
    module, scene
        Its file in the package `scenes`, and the class in it.
    title
        What it is about, in a few words; a message, as is the next one.
    about
        What one sees, for those to whom its page is handed.
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
    about: str
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
    Clip(
        "tokenization",
        "Tokenization",
        N_("Text becomes tokens"),
        N_(
            "A model reads no letters. The text is split into tokens, pieces that stand in the model’s "
            "vocabulary, and each becomes the number it has there."
        ),
        5.8,
        "01",
    ),
    Clip(
        "embeddings",
        "Embeddings",
        N_("Tokens become vectors"),
        N_(
            "A token’s number picks a row of a trained table: its vector. Tokens that are used alike have vectors "
            "that point the same way, and stand together on the map."
        ),
        4.3,
        "02",
    ),
    Clip(
        "relationships",
        "Relationships",
        N_("Tokens relate to one another"),
        N_(
            "An arc joins two tokens, as wide as the attention that flows between them. Where a word is taken "
            "out, the others relate in another way."
        ),
        6.1,
        "03",
    ),
    Clip(
        "communication",
        "Communication",
        N_("Attention is communication"),
        N_("One token asks, and all answer: each arrow carries a share of its attention, and its shares add up to 1."),
        3.6,
        "04",
    ),
    Clip(
        "query_key_value",
        "QueryKeyValue",
        N_("Queries, keys and values"),
        N_(
            "Three trained matrices make three vectors of each token: a query, what it looks for; a key, what it "
            "offers; a value, what it passes on."
        ),
        4.9,
        "05",
    ),
    Clip(
        "score_matrix",
        "ScoreMatrix",
        N_("Scores and weights"),
        N_(
            "Each query meets each key, and their dot product is a score. Softmax turns each row of scores into "
            "weights that add up to 1."
        ),
        5.4,
        "06",
    ),
    Clip(
        "context_vectors",
        "ContextVectors",
        N_("Embeddings with context"),
        N_(
            "A token’s new vector is the sum of all values, each times its weight. So it takes in what stands "
            "around it."
        ),
        5.6,
        "07",
    ),
    Clip(
        "multi_head",
        "MultiHead",
        N_("Several heads at once"),
        N_(
            "A layer has several heads with matrices of their own. They see the same tokens, and each attends in "
            "its own way."
        ),
        6.5,
        "07b",
        least_heads=2,
    ),
    Clip(
        "broader_picture",
        "BroaderPicture",
        N_("The broader picture"),
        N_(
            "The whole layer at a glance: from vectors to queries, keys and values, on to scores and weights, and "
            "to vectors with context. It is one formula."
        ),
        4.7,
        "08",
    ),
    Clip(
        "pytorch_code",
        "PyTorchCode",
        N_("The same in PyTorch"),
        N_(
            "The same in a few lines of PyTorch, step by step; beside each line stands what it computes for "
            "this sentence."
        ),
        5.4,
        "09",
    ),
    Clip(
        "directed_graph",
        "DirectedGraph",
        N_("A directed graph"),
        N_(
            "Tokens are nodes, and an arrow is as wide as its weight: who attends to whom, and how much. The "
            "model computes these edges anew for each sentence."
        ),
        5.4,
        "10",
    ),
    Clip(
        "short",
        "Short",
        N_("Attention in a minute"),
        N_(
            "A token asks what it needs from the others. Its shares of attention come of scores by softmax, and they "
            "are the answer."
        ),
        9.0,
    ),
    Clip(
        "head_gallery",
        "HeadGallery",
        N_("What each head does"),
        N_(
            "The weights of every head of every layer, each a small matrix: a row for each token that attends. A "
            "head is named by where its attention goes."
        ),
        8.8,
        needs="heads",
    ),
    Clip(
        "comparison",
        "Comparison",
        N_("One word in two sentences"),
        N_(
            "A word that stands in two sentences begins as the same row of the table. Attention mixes in what "
            "stands around it, and its two vectors part."
        ),
        5.3,
        needs="pair",
    ),
)


def film_clips(heads: int, chosen: str | None = None) -> tuple[Clip, ...]:
    """Return the clips of the film, in order, of a model whose layer has so many heads.

    What is ``chosen`` of them are names as :func:`find_clip` takes them and ranges of numbers: ``"3-6,10"``.

    Raises
    ------
    UserError
        If something chosen is no clip of this film, or is chosen twice.
    """
    film = tuple(clip for clip in CLIPS if clip.place and heads >= clip.least_heads)
    if chosen is None:
        return film
    clips = tuple(chain(*(_part_of(film, name.strip()) for name in chosen.split(","))))
    for clip in clips:
        if clips.count(clip) > 1:
            raise UserError(f"--clips {chosen}: {clip.scene} stands there twice")
    return clips


def clip_before(scene: type, heads: int, chosen: str | None = None) -> Clip | None:
    """Return the clip that the film plays before ``scene``; None for none. Takes what :func:`film_clips` takes.

    What derives from a clip's scene stands for it. The first one that is chosen begins as it does in the whole film.
    """
    names = {each.__name__ for each in scene.__mro__}
    pairs = chain(pairwise(film_clips(heads, chosen)), pairwise(film_clips(heads)))
    return next((before for before, clip in pairs if clip.scene in names), None)


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


def _part_of(film: tuple[Clip, ...], name: str) -> tuple[Clip, ...]:
    """Return the clips of ``film`` that a name or a range of numbers stands for."""
    ends = re.fullmatch(r"(\d+\w?)\s*[-–]\s*(\d+\w?)", name)
    first, last = map(find_clip, ends.groups() if ends else (name, name))
    for clip in (first, last):
        if clip not in film:
            kind = "of a model with one head" if clip.place else "of one sentence"
            raise UserError(f"--clips {name}: {clip.scene} is no part of the film {kind}")
    part = film[film.index(first) : film.index(last) + 1]
    if not part:
        raise UserError(f"--clips {name}: the first number is the larger one")
    return part


def _plain(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "").removesuffix(".py").lstrip("0123456789")
