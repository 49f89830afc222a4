"""Standing several mobjects in a region."""

from collections.abc import Sequence

from manim import Mobject

from scenes.drawing.text_fitting import in_lines
from scenes.places.layout import Region


def stack(parts: Sequence[Mobject], region: Region, gap: float) -> None:
    """Stand ``parts`` under each other, centred in ``region``, with ``gap`` scene units between them."""
    _stand([[part] for part in parts], region, gap)


def flow(parts: Sequence[Mobject], region: Region, gap: float) -> None:
    """Stand ``parts`` side by side in centred lines that fit, as words in a paragraph."""
    _stand(in_lines(parts, lambda line: _width(line, gap) <= region.width), region, gap)


def _stand(lines: list[list[Mobject]], region: Region, gap: float) -> None:
    heights = [max(part.height for part in line) for line in lines]
    y = region.center[1] + (sum(heights) + gap * (len(lines) - 1)) / 2
    for line, height in zip(lines, heights, strict=True):
        x = region.center[0] - _width(line, gap) / 2
        for part in line:
            part.move_to((x + part.width / 2, y - height / 2, 0))
            x += part.width + gap
        y -= height + gap


def _width(line: Sequence[Mobject], gap: float) -> float:
    return float(sum(part.width for part in line)) + gap * (len(line) - 1)
