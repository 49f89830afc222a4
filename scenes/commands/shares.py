"""Attention weights and other shares in the cells of tables."""

import math

from rich.text import Text


def share_cell(share: float) -> Text:
    """Return a share, 0 to 1, on a ground that is the stronger the larger it is; a dot for NaN, where there is none."""
    if math.isnan(share):
        return Text("·")
    strength = round(255 * share**0.6)
    return Text(
        f"{share:.2f}",
        style=f"{'black' if strength > 150 else 'white'} on rgb({strength // 2},{strength * 3 // 8},{strength})",
    )
