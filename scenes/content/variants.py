"""What is said of a layer that differs from the plain one of Vaswani et al. 2017, one short caption for each way."""

from attention import AttentionTrace


def what_makes_queries(trace: AttentionTrace) -> str:
    """Return a caption for W_Q, which says too where its numbers are kept."""
    if trace.shared_layers:
        return f"W_Q, the same in all {trace.layers} layers, makes the queries"
    if trace.fused:
        return "W_Q, a part of one trained matrix, makes the queries"
    return "A trained matrix, W_Q, turns each row into a query"


def what_makes_keys(trace: AttentionTrace) -> str:
    """Return a caption for W_K, which says too how many heads have the same one."""
    if trace.kv_heads is not None:
        return f"W_K makes the keys: one W_K for each {trace.heads // trace.kv_heads} heads"
    if trace.fused:
        return "W_K, another part of it, makes the keys"
    return "W_K makes the keys in the same way, W_V the values"


def what_makes_values(trace: AttentionTrace) -> str:
    """Return a caption for W_V, "" where the one for W_K has said it."""
    if trace.kv_heads is not None:
        return "W_V makes the values, shared in the same way"
    return "And W_V, the last part, makes the values" if trace.fused else ""


def what_positions_do(trace: AttentionTrace) -> str:
    """Return a caption for what stands between the products with W_Q and W_K and the queries and keys."""
    gain = trace.query_gain
    norm = "" if gain is None else "normalised" if gain.ndim == 1 else "normalised over all heads"
    if trace.rotary_cos is None:
        return f"This model has queries and keys {norm}"
    turned = trace.rotary_cos.shape[1]
    if turned < trace.d_k:
        part = f"{turned} of its {trace.d_k} numbers are turned by its position"
        return f"{norm}, then turned in part".capitalize() if norm else part
    return (
        f"{norm}, then turned by its position".capitalize() if norm else "Each is turned by an angle for its position"
    )


def how_fast_positions_turn(trace: AttentionTrace) -> str | None:
    """Return a caption for the base of the angles, None where nothing is turned or the base is not known."""
    if trace.rotary_cos is None or trace.rotary_base is None:
        return None
    layer = "layer" if trace.window is None else "local layer"
    return f"Base of the angles in this {layer}: {trace.rotary_base:,.0f}"


def what_the_mask_forbids(trace: AttentionTrace) -> str:
    """Return a caption for the mask of a layer that has one."""
    if trace.window is None:
        return "A token may not look at what comes after it"
    if trace.causal:
        return f"A token may look at itself and the {trace.window} before it"
    return f"A token may look at most {trace.window} tokens away"


def what_the_first_sees(trace: AttentionTrace) -> str | None:
    """Return a caption for the first token of a layer that looks back, None where a token may look ahead."""
    return "The first token can only look at itself" if trace.causal and len(trace) > 1 else None


def what_is_scaled(trace: AttentionTrace) -> str:
    """Return a caption for what scores are divided by."""
    if trace.divisor == 1:
        return "This model does not divide its scores: they stay"
    if trace.score_divisor is None:
        return f"{trace.d_k} products add up in each score: ÷ √{trace.d_k} keeps it small"
    return "Scores are divided by a constant"


def what_becomes_of_the_row(trace: AttentionTrace) -> str:
    """Return a caption for how a token's row of the table becomes its row of X."""
    if trace.layer:
        return f"What layer {trace.layer} receives has passed the layers below"
    if trace.embedding_scale is not None:
        return f"Then the row is multiplied by {trace.embedding_scale:.4g} and normalised"
    return "Then the row is normalised"


def what_a_row_is(trace: AttentionTrace) -> str:
    """Return a caption for a row of the embedding table."""
    length = trace.token_vectors.shape[1]
    if trace.embedding_size is not None:
        return f"The row: {trace.embedding_size} trained numbers, mapped to {length}"
    return f"The row is a vector: {length} numbers, found in training"
