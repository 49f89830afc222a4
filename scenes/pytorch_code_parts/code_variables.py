"""What the clip of the code shows for each variable, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from attention import AttentionTrace
from scenes.content.scaling import cap, divisor, upright
from scenes.look.theme import EMBEDDING, KEY, OUTPUT, QUERY, SCORE, VALUE, WEIGHT, Hue
from scenes.words import N_, _, localized, pgettext

TRAINED = {"w_query": QUERY, "w_key": KEY, "w_value": VALUE}


@dataclass(frozen=True)
class Shown:
    """What is shown once a variable of the code has its value."""

    field: str  # of the trace
    color: Hue
    symbol: str
    caption: str
    formula: str = ""  # that the line is
    turned: bool = False  # whether its rows are columns

    @property
    def square(self) -> bool:
        """Whether its columns are tokens too."""
        return self.color in (SCORE, WEIGHT)


def code_variables(trace: AttentionTrace) -> dict[str, Shown]:
    """Return what is shown of ``trace`` for the variables of the code that computed it, by their names.

    Where a line changes nothing in this model, as a rotation by no angle, its tensor is the one that went into it, and
    nothing is said.
    """
    if trace.w_output is None:
        return _of_one_head(trace)
    scaled = "Q K^top" if trace.divisor == 1 else f"(Q K^top) slash {divisor(trace)}"
    capped = scaled if trace.soft_cap is None else f"{cap()}({scaled})"
    return {
        "x": Shown("embeddings", EMBEDDING, "X", _given(trace)),
        "projected_queries": _projected(trace, "queries", QUERY, "Q"),
        "projected_keys": _projected(trace, "keys", KEY, "K"),
        "queries": Shown("queries", QUERY, "Q", _moved(trace)),
        "keys": Shown("keys", KEY, "K", ""),
        "values": Shown("values", VALUE, "V", ""),
        "scores": Shown("scores", SCORE, "Q K^top", _("Queries meet keys: scores")),
        "scaled": Shown("scaled_scores", SCORE, scaled, _scaled(trace)),
        "capped": Shown(
            "capped_scores",
            SCORE,
            capped,
            ""
            if trace.soft_cap is None
            else _("A soft cap keeps them within ±{number}", number=localized(f"{trace.soft_cap:g}")),
        ),
        "logits": Shown(
            "logits",
            SCORE,
            capped if trace.position_bias is None else f"{capped} + B",
            "" if trace.position_bias is None else _("Plus a bias for where two tokens stand"),
        ),
        "weights": Shown("weights", WEIGHT, "A", _("Softmax: each row sums to 1")),
        "context": Shown("context", OUTPUT, "C", _("Each token gathers the values it attends to"), "C = A V"),
        "output": Shown("output", OUTPUT, "Y", _("All heads side by side, times W_O")),
    }


def _of_one_head(trace: AttentionTrace) -> dict[str, Shown]:
    """Return the same for the code of a model with one head, which writes out the formula of each line."""
    # Translators: between two matrices of a formula: the first one, where the second one is 1
    where = upright(pgettext("formula", "where"))
    seen = f"Z {where} M" if trace.causal else "Z"
    return {
        "x": Shown("embeddings", EMBEDDING, "X", _given(trace)),
        "queries": Shown("queries", QUERY, "Q", _("@ multiplies matrices: a query per token"), "Q = X W_Q"),
        "keys": Shown("keys", KEY, "K", _("With W_K: a key for each token"), "K = X W_K"),
        "values": Shown("values", VALUE, "V", _("With W_V: a value for each token"), "V = X W_V"),
        "scores": Shown("scores", SCORE, "S", _("Each query times each key: .mT flips K"), "S = Q K^top"),
        "scaled": Shown(
            "scaled_scores",
            SCORE,
            "Z",
            _("keys.shape[-1] is d_k: {number} numbers in a key", number=trace.d_k),
            "Z = S slash sqrt(d_k)",
        ),
        "allowed": Shown("mask", WEIGHT, "M", _("One more line: 1 where a token may look, 0 at later ones")),
        "weights": Shown(
            "weights", WEIGHT, "A", _("Along each row (dim=-1): shares that sum to 1"), f'A = "softmax"({seen})'
        ),
        "output": Shown("output", OUTPUT, "Y", _("Each token adds up values by its shares"), "Y = A V"),
    }


def factor(text: str, variables: Mapping[str, Shown]) -> Shown | None:
    """Return what is shown of one side of a product, such as ``"keys.mT"`` or ``"self.w_key"``; None if it is unknown.

    Its symbol is what the code calls it.
    """
    name = text.removeprefix("self.")
    if name in TRAINED:
        return Shown(name, TRAINED[name], name, "")
    variable = variables.get(text.removesuffix(".mT"))
    return replace(variable, symbol=text, turned=text.endswith(".mT")) if variable else None


def what_the_code_is(trace: AttentionTrace) -> str:
    """Return a caption for the whole of the code."""
    if trace.w_output is None:
        return _("That is all: a few products and one softmax")
    said = {  # whether there are norms, and whether there are rotations
        (False, False): N_("That is all: products, sums and a softmax"),
        (True, False): N_("That is all: products, sums, norms and a softmax"),
        (False, True): N_("That is all: products, sums, rotations and a softmax"),
        (True, True): N_("That is all: products, sums, norms, rotations and a softmax"),
    }
    return _(said[trace.query_gain is not None, trace.rotary_cos is not None])


def _given(trace: AttentionTrace) -> str:
    """Return a caption for X and, in the code of several heads, for what is made of it next."""
    if trace.w_output is None:
        return _("X goes in: one row for each token")
    if trace.b_query is not None:
        return _("X goes in, times three matrices, plus biases")
    if _biased(trace):
        return _("X goes in, times three matrices")
    return _("X goes in, times three matrices; the biases are 0")


def _projected(trace: AttentionTrace, made: str, color: Hue, letter: str) -> Shown:
    """Return what is shown where X has met W_Q or W_K, and nothing else has happened yet."""
    field = made if trace.projected_queries is None else f"projected_{made}"
    bias = "" if trace.b_query is None else f" + b_{letter}"
    return Shown(field, color, f"X W_{letter}{bias}", "")


def _moved(trace: AttentionTrace) -> str:
    """Return a caption for queries and keys: how they came from the projected ones, if they do."""
    if trace.query_gain is None:
        return _("Rotated: the queries and keys") if trace.rotary_cos is not None else ""
    if trace.rotary_cos is None:
        return _("Normalised: the queries and keys")
    return _("Normalised, rotated: the queries and keys")


def _scaled(trace: AttentionTrace) -> str:
    if trace.divisor == 1:
        return _("Divided by 1: this model does not scale them")
    return _("Divided by √d_k") if trace.score_divisor is None else _("Divided by a constant")


def _biased(trace: AttentionTrace) -> bool:
    return any(bias is not None for bias in (trace.b_query, trace.b_key, trace.b_value, trace.b_output))
