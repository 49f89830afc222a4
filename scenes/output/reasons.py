"""Why something was not rendered, in a few words."""

import errno

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def reason(error: BaseException) -> str:
    """Return what ``error``, or the error behind it that says so, means for the user."""
    behind: BaseException | None = error
    while behind:
        if getattr(behind, "errno", None) in _FULL:
            return "the disk is full: make room and try again"
        behind = behind.__cause__ or behind.__context__
    return str(error).splitlines()[0] if str(error) else type(error).__name__
