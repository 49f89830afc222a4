"""What the clip of the code shows for each variable, and what it says."""

from dataclasses import dataclass

from attention import AttentionTrace
from scenes.content.scaling import divisor
from scenes.look.theme import EMBEDDING, KEY, OUTPUT, QUERY, SCORE, VALUE, WEIGHT, Rgb

_NUMBERS = ("no", "one", "two", "three", "four")


@dataclass(frozen=True)
class Shown:
    """What is shown once a variable of the code has its value."""

    field: str  # of the trace
    color: Rgb
    symbol: str
    stage: str
    caption: str


def code_variables(trace: AttentionTrace) -> dict[str, Shown]:
    """Return what is shown of ``trace`` for the variables of the code that computed it, by their names.

    Where a line changes nothing in this model, as a rotation by no angle, its tensor is the one that went into it.
    """
    scaled = f"(Q K^top) slash {divisor(trace)}"
    return {
        "w_query": Shown("w_query", QUERY, "W_Q", "Q K V", ""),
        "w_key": Shown("w_key", KEY, "W_K", "Q K V", ""),
        "w_value": Shown("w_value", VALUE, "W_V", "Q K V", ""),
        "w_output": Shown("w_output", OUTPUT, "W_O", "output", ""),
        "x": Shown("embeddings", EMBEDDING, "X", "embeddings", "X goes in: an embedding for each token"),
        "projected_queries": _projected(trace, "queries", QUERY, "Q"),
        "projected_keys": _projected(trace, "keys", KEY, "K"),
        "queries": Shown("queries", QUERY, "Q", "Q K V", _moved(trace, "Queries: what each token asks for")),
        "keys": Shown("keys", KEY, "K", "Q K V", _moved(trace, "Keys: what each token answers to")),
        "values": Shown("values", VALUE, "V", "Q K V", "Values: what each token passes on"),
        "scores": Shown("scores", SCORE, "Q K^top", "scores", "Scores: every query meets every key"),
        "scaled": Shown(
            "scaled_scores",
            SCORE,
            scaled,
            "scores",
            "Divided by the root of d_k" if trace.score_divisor is None else "Divided by a constant",
        ),
        "logits": Shown(
            "logits",
            SCORE,
            scaled if trace.position_bias is None else f"{scaled} + B",
            "scores",
            "No bias for positions here: they stay as they are"
            if trace.position_bias is None
            else "Plus a bias for where two tokens stand",
        ),
        "allowed": Shown("mask", WEIGHT, "M", "scores", "One more line: 1 where a token may look, 0 at later ones"),
        "weights": Shown("weights", WEIGHT, "A", "weights", "Softmax: every row becomes shares of 1"),
        "context": Shown("context", OUTPUT, "A V", "output", "Each token gathers the values it attends to"),
        "output": Shown(
            "output",
            OUTPUT,
            "A V" if trace.w_output is None else "Y",
            "output",
            "Out comes a context-aware embedding per token"
            if trace.w_output is None
            else "Heads side by side, times W_O: one row per token",
        ),
    }


def what_the_layer_holds(trace: AttentionTrace, matrices: int) -> str:
    """Return a caption for the constructor."""
    held = f"The layer holds {_NUMBERS[matrices]} trained matrices"
    if trace.w_output is None:
        return held
    return held + (", and biases" if _biased(trace) else "; its biases are 0")


def what_the_code_is(trace: AttentionTrace) -> str:
    """Return a caption for the whole of the code."""
    if trace.w_output is None:
        return "That is all: some matrix products and a softmax"
    norms = ", norms" if trace.query_gain is not None else ""
    rotations = ", rotations" if trace.rotary_cos is not None else ""
    return f"That is all: products, sums{norms}{rotations} and a softmax"


def _projected(trace: AttentionTrace, made: str, color: Rgb, letter: str) -> Shown:
    """Return what is shown where X has met W_Q or W_K, and nothing else has happened yet."""
    field = made if trace.projected_queries is None else f"projected_{made}"
    bias, words = ("", ", and no bias here") if trace.b_query is None else (f" + b_{letter}", ", plus a bias")
    return Shown(field, color, f"X W_{letter}{bias}", "Q K V", f"For the {made}: X times a matrix{words}")


def _moved(trace: AttentionTrace, caption: str) -> str:
    """Return a caption for queries or keys that says how they came from the projected ones."""
    if trace.w_output is None:
        return caption
    how = {
        (False, False): "Nothing to rotate here",
        (True, False): "Normalised",
        (False, True): "Rotated",
        (True, True): "Normalised, rotated",
    }[trace.query_gain is not None, trace.rotary_cos is not None]
    return f"{how}. {caption}"


def _biased(trace: AttentionTrace) -> bool:
    return any(bias is not None for bias in (trace.b_query, trace.b_key, trace.b_value, trace.b_output))
