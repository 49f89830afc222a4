"""Transformers, as this package uses it: quiet, without a network, and named where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from attention.errors import UserError


@contextmanager
def no_network() -> Iterator[ModuleType]:
    """Import Transformers and let it neither reach for a network nor print, for as long as this lasts.

    Raises
    ------
    UserError
        If it is not installed.
    """
    try:
        import transformers
        from huggingface_hub import constants
        from transformers.utils import logging
    except ModuleNotFoundError as error:
        raise UserError(f"a Hugging Face model needs {error.name}: pip install '.[models]'") from None
    offline, verbosity, bars = constants.HF_HUB_OFFLINE, logging.get_verbosity(), logging.is_progress_bar_enabled()
    constants.HF_HUB_OFFLINE = True
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield transformers
    finally:
        constants.HF_HUB_OFFLINE = offline
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
