"""The question that the film asks at its beginning and answers at its end, and how tokens are named in captions."""

from attention import AttentionTrace

_LONGEST = 12  # letters of a token in a caption


def named(trace: AttentionTrace, token: int) -> str:
    """Return a token as a caption names it: in quotes, and cut if it is long."""
    label = trace.labels[token]
    shown = label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
    return f"“{shown}”"


def question(trace: AttentionTrace, token: int) -> str:
    """Return what the film asks about the token that it follows."""
    return f"What does {named(trace, token)} need from the other words?"
