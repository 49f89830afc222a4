"""Where computed things are kept for the next time."""

from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """Return the package's folder in the user's cache."""
    return user_cache_path("self-attention-explainer")
