"""What a user can choose, its one home: command line, then environment, then ``attention.toml``, then defaults."""

import tomllib
from typing import Annotated, Any, Literal, get_args

from pydantic import Discriminator, Field, Tag, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from attention.errors import UserError
from attention.model_folder import TINY
from attention.own_theme import OwnTheme, ThemeName

FrameName = Literal["16:9", "1:1", "9:16"]
LanguageName = Literal["en", "de"]
DEFAULT_SENTENCE = "The cat sat on the mat because it was tired."
DEFAULT_PAIR = "The bank of the river was steep.", "The bank approved the loan."
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
FRAMES: tuple[FrameName, ...] = get_args(FrameName)

_TRUSTED = "model", "allow_pickle"  # which files are opened, and how: the user's own word is needed

# What a setting is about: a command has the options of some of these.
About = Literal["text", "model", "head", "decoder", "look", "words", "clip", "film"]


def _field(about: About, default: Any, description: str, **checks: Any) -> Any:
    return Field(default=default, description=description, json_schema_extra={"about": about}, **checks)


def _is_own(theme: Any) -> str:
    return "own" if isinstance(theme, dict | OwnTheme) else "name"


ChosenTheme = Annotated[
    Annotated[ThemeName, Tag("name")] | Annotated[OwnTheme, Tag("own")],
    Discriminator(_is_own),  # so that a wrong name is not told to be no table
]


class Settings(BaseSettings):
    """What a user can choose: a field here is an option of the commands that are about it, and of `show`.

    Each may come from ``ATTENTION_<FIELD>`` in the environment, or a line ``field = …`` in ``attention.toml``.
    """

    model_config = SettingsConfigDict(env_prefix="ATTENTION_", toml_file="attention.toml", extra="forbid", frozen=True)

    sentence: str = _field("text", DEFAULT_SENTENCE, "The text, in quotes.")
    other: str | None = _field("text", None, "A second text that shares a word with the first, for Comparison.")
    token: str | None = _field(
        "text",
        None,
        "The word to compare, whatever its case; its last piece stands for a word of several. Left out, the shared "
        "word that says most: the one with the longest row in the embedding table.",
    )
    model: str = _field(
        "model", TINY, "`tiny`, which comes with the package, or the folder of a model or Hugging Face checkpoint."
    )
    layer: int = _field("head", 0, "Which attention layer, counted from 0.", ge=0)
    head: Annotated[int, Field(ge=0)] | Literal["mean"] = _field(
        "head", 0, "Which head of the layer, counted from 0, or the mean of all."
    )
    hide_special: bool = _field(
        "model", False, "Leave out tokens that the tokenizer adds, such as [CLS]; rows sum to 1 again."
    )
    allow_pickle: bool = _field("model", False, "Read weights that are only there as a pickle; no code in it runs.")
    decoder: str | None = _field(
        "decoder", None, "What the decoder of a model such as T5 has written: its tokens attend to the text's."
    )
    causal: bool = _field(
        "model",
        False,
        "Let a token look at itself and earlier ones only, as GPT does; for models of `attention train`.",
    )
    theme: ChosenTheme = _field(
        "look",
        "dark",
        "Colours; `transparent` makes clips for slides. Those of your own are a table `[theme]` in `attention.toml`.",
    )
    frame: FrameName = _field("look", "16:9", "Shape of the picture.")
    language: LanguageName = _field("words", "en", "Language of captions and all other words.")
    words: str | None = _field(
        "words", None, "File of words of your own, which `attention words` begins; they replace those of the language."
    )
    pace: float = _field(
        "clip",
        1.0,
        "How fast things move and rest: 0.5 is half as fast. Captions stand until they can have been read at any pace.",
        ge=0.25,
        le=4,
    )
    captions: bool = _field(
        "clip", True, "Say under the picture what is seen; without, the picture takes that room, and subtitles say it."
    )
    clips: str | None = _field(
        "film", None, "Which clips it has, by number or name, in this order: 3-6,10. Left out, all of them."
    )

    @property
    def own_theme(self) -> OwnTheme | None:
        """The theme, if it is one's own."""
        return self.theme if isinstance(self.theme, OwnTheme) else None

    @property
    def transparent(self) -> bool:
        """Whether nothing is under the picture."""
        return (self.own_theme.base if self.own_theme else self.theme) == "transparent"

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
        return init_settings, env_settings, _SettingsFile(settings_cls)


class _SettingsFile(TomlConfigSettingsSource):
    """``attention.toml`` in the current folder, which may have come with somebody else's files: it chooses no model."""

    def __call__(self) -> dict[str, Any]:
        chosen = super().__call__()
        for name in _TRUSTED:
            if name in chosen:
                option = name.replace("_", "-")
                raise UserError(
                    f"attention.toml cannot set {name}, as any folder may hold such a file: use --{option}, or "
                    f"ATTENTION_{name.upper()} in the environment"
                )
        return chosen


def fields_about(*kinds: About) -> tuple[str, ...]:
    """Return the names of the settings that are about one of ``kinds``; all, if there are none."""
    return tuple(name for name, field in Settings.model_fields.items() if not kinds or _about(field) in kinds)


def _about(field: FieldInfo) -> Any:
    return field.json_schema_extra["about"] if isinstance(field.json_schema_extra, dict) else None


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
        if name not in Settings.model_fields:
            raise UserError(f"there is no setting {name!r}: choose one of {', '.join(Settings.model_fields)}") from None
        faults = [first, *(other for other in others if other["loc"][0] == name)]  # one for each kind of value it takes
        reasons = " or ".join(fault["msg"].lower() for fault in faults)
        if first["loc"][1:2] == ("own",):  # a line of the table
            name, reasons = f"theme.{first['loc'][2]}", first["msg"]
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
