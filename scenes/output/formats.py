"""What kinds of files a clip can become, and how Manim is told."""

from dataclasses import dataclass
from typing import Any, Literal

from av.codec import Codec
from av.codec.codec import UnknownCodecError

from attention import UserError
from attention.settings import Settings

FormatName = Literal["mp4", "webm", "mov", "png", "svg", "pdf"]


@dataclass(frozen=True)
class _Codec:
    encoder: str
    opaque: str  # pixel formats
    with_alpha: str | None
    options: dict[str, str]


_ONE_THREAD = {"threads": "1"}  # the other cores have clips of their own
_CODECS: dict[str, _Codec] = {
    "mp4": _Codec("libx264", "yuv420p", None, _ONE_THREAD),
    "webm": _Codec(
        "libvpx-vp9",
        "yuv420p",
        "yuva420p",
        _ONE_THREAD | {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "auto-alt-ref": "0"},
    ),
    "mov": _Codec("prores_ks", "yuv444p10le", "yuva444p10le", _ONE_THREAD | {"profile": "4444"}),
}


@dataclass(frozen=True)
class Format:
    """One kind of file: a video's container and codec, or a still."""

    name: FormatName

    @classmethod
    def of(cls, name: FormatName | None, settings: Settings) -> "Format":
        """Return the chosen format; left open, MP4, or MOV for a transparent theme.

        Raises
        ------
        UserError
            If the format cannot hold what the theme asks for, or FFmpeg lacks its encoder.
        """
        transparent = settings.theme == "transparent"
        form = cls(name or ("mov" if transparent else "mp4"))
        if codec := _CODECS.get(form.name):
            if transparent and not codec.with_alpha:
                raise UserError(f"{form.name} holds no transparency: choose --format webm or mov, or another theme")
            try:
                Codec(codec.encoder, "w")
            except UnknownCodecError:
                raise UserError(
                    f"this FFmpeg has no {codec.encoder} for {form.name}: choose another --format"
                ) from None
        return form

    @property
    def moves(self) -> bool:
        """Whether it is a video, not a still."""
        return self.name in _CODECS

    def options(self, settings: Settings) -> dict[str, Any]:
        """Return Manim's options for it, by name."""
        codec = _CODECS.get(self.name)
        if codec is None:
            return {"dry_run": True}
        transparent = settings.theme == "transparent"
        return {
            "write_to_movie": True,
            "format": self.name,
            "video_codec": codec.encoder,
            "pixel_format": codec.with_alpha if transparent else codec.opaque,
            "video_encoder_options": codec.options,
        }


def with_suitable_theme(settings: Settings, name: FormatName | None) -> Settings:
    """Return ``settings`` with the transparent theme if no theme was chosen and the format is one for laying over."""
    if name in ("webm", "mov") and "theme" not in settings.model_fields_set:
        return settings.model_copy(update={"theme": "transparent"})
    return settings
