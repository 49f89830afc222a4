"""`OwnTheme`: colours, typefaces and a logo of one's own, as the table `[theme]` of ``attention.toml`` has them."""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from attention.digests import file_digest

ThemeName = Literal["dark", "light", "transparent"]
Corner = Literal["top left", "top right", "bottom left", "bottom right"]


def _color(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise PydanticCustomError("color", "write a colour as #RRGGBB")
    return text.upper()


def _there(file: Path) -> Path:
    if not file.is_file():
        raise PydanticCustomError("logo", "there is no such file")
    return file


Color = Annotated[str, AfterValidator(_color)]


class OwnTheme(BaseModel):
    """What is not given follows from what is, as :func:`scenes.look.own_theme.read_theme` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: ThemeName | None = None  # left out, the one that suits the background
    background: Color | None = None
    surface: Color | None = None  # chips and the ground under cells
    text: Color | None = None
    quiet: Color | None = None  # text and lines that are not talked about
    zero: Color | None = None  # a cell that holds nothing
    embedding: Color | None = None
    query: Color | None = None
    key: Color | None = None
    value: Color | None = None
    score: Color | None = None
    weight: Color | None = None
    output: Color | None = None
    font: str | None = None
    mono: str | None = None
    logo: Annotated[Path, AfterValidator(_there)] | None = None
    corner: Corner = "top right"

    @property
    def digest(self) -> str:
        """The SHA-256 of all that is chosen, the logo's content included, in hexadecimal.

        Raises
        ------
        OSError
            If the logo cannot be read.
        """
        logo = file_digest(self.logo) if self.logo else ""
        return hashlib.sha256(f"{self.model_dump_json()} {logo}".encode()).hexdigest()
