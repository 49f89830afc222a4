"""Text that has to fit: broken into lines, or cut."""

from scenes.drawing.outlines import outline


def break_lines(text: str, width: float) -> tuple[str, ...]:
    """Return ``text`` in lines of at most ``width`` em, broken between words; a longer word has a line of its own."""
    lines: list[str] = []
    words = text.split()
    if outline(" ".join(words)).width <= width:  # mostly so, and each look shapes a text anew
        return (" ".join(words),)
    for word in words:
        if lines and outline(f"{lines[-1]} {word}").width <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def shorten(text: str, width: float) -> str:
    """Return ``text``, cut and with an ellipsis at its end if it takes more than ``width`` em."""
    if outline(text).width <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        half = (fits + too_long) // 2
        fits, too_long = (half, too_long) if outline(text[:half] + "…").width <= width else (fits, half)
    return text[: max(fits, 1)] + "…"
