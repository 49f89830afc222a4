"""`trace`: a sentence's trace, from the cache where it has been computed before."""

import hashlib
import logging
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from attention.attention_trace import AttentionTrace
from attention.errors import UserError
from attention.model_folder import TINY, find_model, source_digest
from attention.settings import Settings
from attention.text import tidy

log = logging.getLogger(__name__)


def trace(text: str, model: str = TINY, layer: int = 0) -> AttentionTrace:
    """Return the trace of ``text`` through one attention layer of ``model``.

    Traces are kept in the user's cache folder by text, weights and code; a kept one is read without importing PyTorch.

    Parameters
    ----------
    text
        Any text; space around it, tabs and line breaks are tidied.
    model
        ``"tiny"``, or the path of a model's folder.
    layer
        Which attention layer, counted from 0.

    Raises
    ------
    UserError
        If the text is empty, has control characters, no token, or more tokens than the model takes; if the model's
        files are missing or damaged.

    Examples
    --------
    >>> trace("The cat sat.").labels
    ('The', 'cat', 'sat', '.')
    """
    sentence = tidy(text)
    folder = find_model(model)
    key = hashlib.sha256("\0".join([sentence, str(layer), folder.digest, source_digest()]).encode()).hexdigest()
    kept = trace_cache() / f"{key[:32]}.safetensors"
    if kept.is_file():
        with suppress(UserError):  # a damaged file in the cache is made again
            return AttentionTrace.load(kept)

    from attention.forward import compute_trace  # imports PyTorch, which takes seconds

    computed = compute_trace(sentence, folder, layer)
    try:
        computed.save(kept)
    except OSError as error:
        log.warning("the trace is not kept for next time: %s", error)
    return computed


def chosen_trace(settings: Settings) -> AttentionTrace:
    """Return the trace that ``settings`` ask for, after a look whether it has the head that they ask for.

    Raises
    ------
    UserError
        As :func:`trace` does, and if there is no such head.
    """
    chosen = trace(settings.sentence, settings.model, settings.layer)
    if settings.head >= chosen.heads:
        raise UserError(f"head {settings.head}: this layer's heads are 0 to {chosen.heads - 1}")
    return chosen


def trace_cache() -> Path:
    """Return the folder where traces are kept."""
    return user_cache_path("self-attention-explainer") / "traces"
