"""What is said of a layer that differs from the plain one of Vaswani et al. 2017, one short caption for each way."""

from attention import AttentionTrace
from scenes.words import _, localized


def what_makes_queries(trace: AttentionTrace) -> str:
    """Return a caption for W_Q, which says too where its numbers are kept."""
    if trace.shared_layers:
        return _("W_Q, the same in all {layers} layers, makes the queries", layers=trace.layers)
    if trace.fused:
        return _("W_Q, a part of one trained matrix, makes the queries")
    return _("A trained matrix, W_Q, turns each row into a query")


def what_makes_keys(trace: AttentionTrace) -> str:
    """Return a caption for W_K, which says too how many heads have the same one."""
    if trace.kv_heads is not None:
        return _("W_K makes the keys: one W_K for each {heads} heads", heads=trace.heads // trace.kv_heads)
    if trace.fused:
        return _("W_K, another part of it, makes the keys")
    return _("W_K makes the keys in the same way, W_V the values")


def what_makes_values(trace: AttentionTrace) -> str:
    """Return a caption for W_V, "" where the one for W_K has said it."""
    if trace.kv_heads is not None:
        return _("W_V makes the values, shared in the same way")
    return _("And W_V, the last part, makes the values") if trace.fused else ""


def what_positions_do(trace: AttentionTrace) -> str:
    """Return a caption for what stands between the products with W_Q and W_K and the queries and keys."""
    gain, cos = trace.query_gain, trace.rotary_cos
    of_each_head = gain is not None and gain.ndim == 1
    if cos is None and of_each_head:
        return _("This model has queries and keys normalised")
    if cos is None:
        return _("This model has queries and keys normalised over all heads")
    turned = cos.shape[1]
    if gain is None and turned < trace.d_k:
        said = _("{turned} of its {numbers} numbers are turned by its position", turned=turned, numbers=trace.d_k)
    elif gain is None:
        said = _("Each is turned by an angle for its position")
    elif turned < trace.d_k:
        each, over_all = _("Normalised, then turned in part"), _("Normalised over all heads, then turned in part")
        said = each if of_each_head else over_all
    else:
        each = _("Normalised, then turned by its position")
        said = each if of_each_head else _("Normalised over all heads, then turned by its position")
    return said


def how_fast_positions_turn(trace: AttentionTrace) -> str | None:
    """Return a caption for the base of the angles, None where nothing is turned or the base is not known."""
    if trace.rotary_cos is None or trace.rotary_base is None:
        return None
    base = localized(f"{trace.rotary_base:,.0f}")
    if trace.window is None:
        return _("Base of the angles in this layer: {base}", base=base)
    # Translators: in a local layer, tokens look at their neighbours only
    return _("Base of the angles in this local layer: {base}", base=base)


def what_the_mask_forbids(trace: AttentionTrace) -> str:
    """Return a caption for the mask of a layer that has one."""
    if trace.window is None:
        return _("A token may not look at what comes after it")
    if trace.causal:
        return _("A token may look at itself and the {number} before it", number=trace.window)
    return _("A token may look at most {number} tokens away", number=trace.window)


def what_the_first_sees(trace: AttentionTrace) -> str | None:
    """Return a caption for the first token of a layer that looks back, None where a token may look ahead."""
    return _("The first token can only look at itself") if trace.causal and len(trace) > 1 else None


def what_is_scaled(trace: AttentionTrace) -> str:
    """Return a caption for what scores are divided by."""
    if trace.divisor == 1:
        return _("This model does not divide its scores: they stay")
    if trace.score_divisor is None:
        return _("{number} products add up in each score: ÷ √{number} keeps it small", number=trace.d_k)
    return _("Scores are divided by a constant")


def what_becomes_of_the_row(trace: AttentionTrace) -> str:
    """Return a caption for how a token's row of the table becomes its row of X."""
    if trace.layer:
        return _("What layer {layer} receives has passed the layers below", layer=trace.layer)
    if trace.embedding_scale is not None:
        factor = localized(f"{trace.embedding_scale:.4g}")
        return _("Then the row is multiplied by {factor} and normalised", factor=factor)
    return _("Then the row is normalised")


def what_a_row_is(trace: AttentionTrace) -> str:
    """Return a caption for a row of the embedding table."""
    length = trace.token_vectors.shape[1]
    if trace.embedding_size is not None:
        return _("The row: {size} trained numbers, mapped to {number}", size=trace.embedding_size, number=length)
    return _("The row is a vector: {number} numbers, found in training", number=length)
