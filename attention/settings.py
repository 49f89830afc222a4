"""What a user can choose, its one home: command line, then environment, then ``attention.toml``, then defaults."""

import tomllib
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from attention.errors import UserError
from attention.model_folder import TINY

ThemeName = Literal["dark", "light", "transparent"]
FrameName = Literal["16:9", "1:1", "9:16"]
DEFAULT_SENTENCE = "The cat sat on the mat because it was tired."
DEFAULT_PAIR = "The bank of the river was steep.", "The bank approved the loan."
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
FRAMES: tuple[FrameName, ...] = get_args(FrameName)


class Settings(BaseSettings):
    """Each may come from ``ATTENTION_<FIELD>`` in the environment, or a line ``field = …`` in ``attention.toml``."""

    model_config = SettingsConfigDict(env_prefix="ATTENTION_", toml_file="attention.toml", extra="forbid", frozen=True)

    sentence: str = DEFAULT_SENTENCE
    other: str | None = None  # a second sentence, to compare with
    token: str | None = None  # which of the words that both have
    model: str = TINY
    layer: int = Field(default=0, ge=0)
    head: Annotated[int, Field(ge=0)] | Literal["mean"] = 0
    hide_special: bool = False
    allow_pickle: bool = False
    theme: ThemeName = "dark"
    frame: FrameName = "16:9"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the places settings come from, first one wins."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(**chosen: Any) -> Settings:
    """Return the settings; ``chosen`` is what the command line said, with None for what it left open.

    Raises
    ------
    UserError
        If a value does not fit, or ``attention.toml`` cannot be read.
    """
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        first, *others = error.errors()
        name = first["loc"][0]
        faults = [first, *(other for other in others if other["loc"][0] == name)]  # one for each kind of value it takes
        reasons = " or ".join(fault["msg"].lower() for fault in faults)
        raise UserError(f"setting {name}: {reasons} (got {first['input']!r})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"attention.toml cannot be read: {error}") from None


def paired(settings: Settings) -> Settings:
    """Return settings with two sentences: as they are, or with a pair of the package's own where none is chosen.

    Raises
    ------
    UserError
        If there is only one sentence.
    """
    if settings.other is not None:
        return settings
    if "sentence" in settings.model_fields_set:
        raise UserError(
            "a comparison needs a second sentence: attention compare FIRST SECOND, or ATTENTION_OTHER=SECOND "
            "in the environment, or other = SECOND in attention.toml"
        )
    first, second = DEFAULT_PAIR
    return settings.model_copy(update={"sentence": first, "other": second})
