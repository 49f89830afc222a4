"""The files of a model, which may have come from anywhere: looked at before anything in them is trusted."""

from pathlib import Path

from attention.digests import file_digest
from attention.errors import UserError
from attention.files import check_regular, read_regular

_MOST_TEXT = 200_000_000  # bytes of a config or tokenizer; the largest vocabularies take a fifth
_POINTER = b"version https://git-lfs"


def model_file_digest(file: Path) -> str:
    """Return the SHA-256 of a model's file.

    Raises
    ------
    UserError
        If it cannot be read, is no file with an end, or is what Git LFS leaves in its place.
    """
    try:
        check_regular(file)
        with file.open("rb") as opened:
            start = opened.read(len(_POINTER))
        digest = file_digest(file)
    except OSError as error:
        raise UserError(_unreadable(file, error)) from None
    if start == _POINTER:
        raise UserError(_is_pointer(file))
    return digest


def read_model_text(file: Path) -> str:
    """Return the text in a model's file.

    Raises
    ------
    UserError
        If it cannot be read, is no text, or is what Git LFS leaves in its place.
    """
    try:
        content = read_regular(file, _MOST_TEXT)
        if content.startswith(_POINTER):
            raise UserError(_is_pointer(file))
        return content.decode()
    except OSError as error:
        raise UserError(_unreadable(file, error)) from None
    except UnicodeDecodeError as error:
        raise UserError(f"{file}: damaged ({error}): restore the file") from None


def _is_pointer(file: Path) -> str:
    return f"{file}: only a pointer of Git LFS, not the file itself: run git lfs pull in its folder"


def _unreadable(file: Path, error: OSError) -> str:
    return f"{file}: the model's file cannot be read ({error.strerror}): restore it"
