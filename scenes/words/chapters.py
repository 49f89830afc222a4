"""What chapters are called: a beat's method says it."""


def chapter_of(beat: str) -> str:
    """Return the message that names the chapter of a beat: the name of its method, in words.

    >>> chapter_of("_the_ids_rest")
    'The ids rest'
    """
    return beat.strip("_").replace("_", " ").capitalize()
