"""The one exception for what a user can put right."""


class UserError(Exception):
    """Something the user can put right; the message is one line that says what is wrong and what to do.

    Command lines print it without a traceback and leave with exit code 2; notebooks print it without one too.
    """

    def _render_traceback_(self) -> list[str]:  # which IPython asks for
        return [f"error: {self}"]


def first_line(error: Exception) -> str:
    """Return the first line of what ``error`` says, or its name, to be part of a line for the user."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
