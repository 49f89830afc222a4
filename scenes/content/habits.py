"""What heads do, in words for the screen."""

from collections import Counter

import numpy as np

from attention.heads import HABITS, MIXED
from attention.surveying import HeadSurvey
from scenes.drawing.fact import Fact
from scenes.words import N_, NN_, NP_, _, ngettext, pgettext

PLAIN = frozenset({"separator", "first token", MIXED})  # what says little about a head

# Translators: where most of a head's attention goes; stands under a small matrix, so one or two short words
_NAMES = {
    "itself": NP_("where a head looks", "itself"),
    "previous": NP_("where a head looks", "previous"),
    "next": NP_("where a head looks", "next"),
    "separator": NP_("where a head looks", "separator"),
    "first token": NP_("where a head looks", "first token"),
    # Translators: words that grammar links, such as a verb and its subject
    "links": NP_("where a head looks", "links"),
    MIXED: NP_("where a head looks", "mixed"),
}
_ONE = {
    "itself": N_("The head favours the token itself"),
    "previous": N_("The head favours the previous token"),
    "next": N_("The head favours the next token"),
    "separator": N_("The head favours separators"),
    "first token": N_("The head favours the first token"),
    "links": N_("The head favours words that grammar links"),
    MIXED: N_("The head favours nothing in particular"),
}
_ALL = {
    "itself": N_("All {total} heads favour the token itself"),
    "previous": N_("All {total} heads favour the previous token"),
    "next": N_("All {total} heads favour the next token"),
    "separator": N_("All {total} heads favour separators"),
    "first token": N_("All {total} heads favour the first token"),
    "links": N_("All {total} heads favour words that grammar links"),
    MIXED: N_("All {total} heads favour nothing in particular"),
}
_SOME = {
    "itself": NN_(
        "{count} of {total} heads favours the token itself", "{count} of {total} heads favour the token itself"
    ),
    "previous": NN_(
        "{count} of {total} heads favours the previous token", "{count} of {total} heads favour the previous token"
    ),
    "next": NN_("{count} of {total} heads favours the next token", "{count} of {total} heads favour the next token"),
    "separator": NN_("{count} of {total} heads favours separators", "{count} of {total} heads favour separators"),
    "first token": NN_(
        "{count} of {total} heads favours the first token", "{count} of {total} heads favour the first token"
    ),
    "links": NN_(
        "{count} of {total} heads favours words that grammar links",
        "{count} of {total} heads favour words that grammar links",
    ),
    MIXED: NN_(
        "{count} of {total} heads favours nothing in particular",
        "{count} of {total} heads favour nothing in particular",
    ),
}


def habit_names(survey: HeadSurvey) -> dict[str, str]:
    """Return each habit, and "mixed", as this model's is called: where it has no separators, it has a first token.

    These names are English; :func:`name_of` says them.
    """
    return {habit: survey.separator if habit == "separator" else habit for habit in (*HABITS, MIXED)}


def name_of(habit: str) -> str:
    """Return one of the :func:`habit_names` in the language that is spoken."""
    return pgettext("where a head looks", _NAMES[habit])


def captions(survey: HeadSurvey) -> list[list[str]]:
    """Return what each head of each layer does."""
    called = habit_names(survey)
    return [[name_of(called[name]) for name in layer] for layer in survey.names.tolist()]


def counted(survey: HeadSurvey, layer: int | None = None) -> dict[str, Fact]:
    """Return how many heads have each habit that some have, of one layer or of all, the rarest first, "mixed" last."""
    names = survey.names if layer is None else survey.names[layer]
    field = "names" if layer is None else f"names[{layer}]"
    counts = Counter(names.ravel().tolist())
    order = sorted(counts, key=lambda name: (name == MIXED, counts[name], [*HABITS, MIXED].index(name)))
    return {name: Fact(f"sum({field} == {name!r})", float(np.sum(names == name)), 0) for name in order}


def in_words(survey: HeadSurvey, habit: str, count: int, total: int) -> str:
    """Return how many of so many heads have a habit, as a caption says it."""
    called = habit_names(survey)[habit]
    if total == 1:
        return _(_ONE[called])
    if count == total:
        return _(_ALL[called], total=total)
    return ngettext(*_SOME[called], count, count=count, total=total)
