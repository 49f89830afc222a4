"""What is written for what becomes of scores, and of values."""

from attention import AttentionTrace
from scenes.words import _


def divisor(trace: AttentionTrace) -> str:
    """Return the symbol of what scores are divided by, as Typst mathematics."""
    return "sqrt(d_k)" if trace.score_divisor is None else "c"


def logits(trace: AttentionTrace, scores: str = "Q K^top") -> str:
    """Return what the softmax is taken of, as Typst mathematics."""
    bias = "" if trace.position_bias is None else " + B"
    scaled = scores if trace.divisor == 1 else f"({scores}) / {divisor(trace)}"
    return (scaled if trace.soft_cap is None else f"{cap()}({scaled})") + bias


def cap() -> str:
    """Return the name of the function that keeps scores within bounds, as Typst mathematics."""
    # Translators: the name of a function that keeps numbers within bounds, as in cap(x)
    return upright(_("cap"))


def upright(text: str) -> str:
    """Return a text within a formula, or a number as the language prints it, as Typst mathematics."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def product_symbol(trace: AttentionTrace) -> str:
    """Return the symbol of weights times values: Y if that is the layer's output, C if it is one head's part of it."""
    return "Y" if trace.heads == 1 and trace.w_output is None else "C"
