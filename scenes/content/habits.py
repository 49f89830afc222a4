"""What heads do, in words for the screen."""

from collections import Counter

import numpy as np

from attention.heads import HABITS, MIXED
from attention.surveying import HeadSurvey
from scenes.drawing.fact import Fact

PLAIN = frozenset({"separator", "first token", MIXED})  # what says little about a head


def habit_names(survey: HeadSurvey) -> dict[str, str]:
    """Return each habit, and "mixed", as this model's is called: where it has no separators, it has a first token."""
    return {habit: survey.separator if habit == "separator" else habit for habit in (*HABITS, MIXED)}


def captions(survey: HeadSurvey) -> list[list[str]]:
    """Return what each head of each layer does."""
    called = habit_names(survey)
    return [[called[name] for name in layer] for layer in survey.names.tolist()]


def counted(survey: HeadSurvey, layer: int | None = None) -> dict[str, Fact]:
    """Return how many heads have each habit that some have, of one layer or of all, the rarest first, "mixed" last."""
    names = survey.names if layer is None else survey.names[layer]
    field = "names" if layer is None else f"names[{layer}]"
    counts = Counter(names.ravel().tolist())
    order = sorted(counts, key=lambda name: (name == MIXED, counts[name], [*HABITS, MIXED].index(name)))
    return {name: Fact(f"sum({field} == {name!r})", float(np.sum(names == name)), 0) for name in order}


def in_words(survey: HeadSurvey, habit: str, count: int, total: int) -> str:
    """Return how many of so many heads have a habit, as a caption says it."""
    if count == total:
        who, ending = ("The head", "s") if total == 1 else (f"All {total} heads", "")
    else:
        who, ending = f"{count} of {total} heads", "s" * (count == 1)
    return f"{who} favour{ending} {_object(survey, habit)}"


def _object(survey: HeadSurvey, habit: str) -> str:
    return {
        "itself": "the token itself",
        "previous": "the previous token",
        "next": "the next token",
        "separator": "separators" if survey.separator == "separator" else "the first token",
        "links": "words that grammar links",
        MIXED: "nothing in particular",
    }[habit]
