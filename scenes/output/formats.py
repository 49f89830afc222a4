"""What kinds of files a clip can become, how large and how fast, and how Manim is told."""

from dataclasses import dataclass
from typing import Any, Literal

from av.codec import Codec
from av.codec.codec import UnknownCodecError

from attention import UserError
from attention.settings import FRAMES, FrameName, Settings
from scenes.places.layout import Frame

FormatName = Literal["mp4", "webm", "mov", "gif", "png", "svg", "pdf"]
Quality = Literal["l", "m", "h", "p", "k"]
Size = tuple[int, int]  # across, down

_QUALITIES: dict[Quality, tuple[str, Size, int]] = {  # as Manim calls them, pixels of 16:9, frames per second
    "l": ("low_quality", (854, 480), 15),
    "m": ("medium_quality", (1280, 720), 30),
    "h": ("high_quality", (1920, 1080), 60),
    "p": ("production_quality", (2560, 1440), 60),
    "k": ("fourk_quality", (3840, 2160), 60),
}
_SECONDS = 30  # of a clip, about
_GROWTH = 0.62  # of a file with the number of pixels: edges are longer in a larger picture, and no more; measured
_SMALLEST, _LARGEST = 128, 8192  # pixels of a side


@dataclass(frozen=True)
class _Codec:
    encoder: str
    opaque: str  # pixel formats
    with_alpha: str | None
    options: dict[str, str]
    bits: float = 0.0  # per pixel and frame at 480 lines, measured; given where files are large


_ONE_THREAD = {"threads": "1"}  # the other cores have clips of their own
_CODECS: dict[FormatName, _Codec] = {
    "mp4": _Codec("libx264", "yuv420p", None, _ONE_THREAD),
    "webm": _Codec(
        "libvpx-vp9",
        "yuv420p",
        "yuva420p",
        _ONE_THREAD | {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "auto-alt-ref": "0"},
    ),
    "mov": _Codec(
        "prores_ks",
        "yuv444p10le",
        "yuva444p10le",
        # a fixed quantiser: searching one for a bit rate takes four times as long and fills flat areas with bits
        _ONE_THREAD
        | {"profile": "4444", "vendor": "apl0", "alpha_bits": "8", "flags": "+qscale", "global_quality": str(16 * 118)},
        bits=2.5,
    ),
    # rendered without loss first, as a palette can be chosen only when all colours are known
    "gif": _Codec("libx264", "yuv444p", None, _ONE_THREAD | {"preset": "ultrafast", "crf": "0"}),
}


@dataclass(frozen=True)
class Output:
    """What kind of file a clip becomes; see :meth:`of`, which checks it."""

    form: FormatName = "mp4"
    quality: Quality = "m"
    size: Size | None = None
    fps: int | None = None
    loops: bool = False
    max_bytes: int | None = None

    @classmethod
    def of(cls, settings: Settings, form: FormatName | None = None, **choices: Any) -> "Output":
        """Return what was chosen.

        Parameters
        ----------
        settings
            Whose theme and frame the file has to hold.
        form
            Left out, MP4, or MOV for a transparent theme.
        **choices
            ``quality``, as Manim has it, from ``"l"`` (480p15) to ``"k"`` (2160p60); ``size`` in pixels and ``fps``
            instead of the quality's; ``loops``, whether the last frame meets the first; ``max_bytes`` of a GIF.

        Raises
        ------
        UserError
            If a choice does not suit the others or the theme or frame, or FFmpeg lacks the encoder.
        """
        transparent = settings.transparent
        output = cls(form or ("mov" if transparent else "mp4"), **choices)
        if output.max_bytes is not None and output.form != "gif":
            raise UserError("--max-size is for --format gif alone: choose that, or a lower quality")
        if output.loops and not output.moves:
            raise UserError(f"{output.form} is a still and cannot loop: choose another --format")
        if output.size:
            _check_size(output.size, settings.frame)
        if codec := _CODECS.get(output.form):
            if transparent and not codec.with_alpha:
                raise UserError(f"{output.form} holds no transparency: choose --format webm or mov, or another --theme")
            try:
                Codec(codec.encoder, "w")
            except UnknownCodecError:
                raise UserError(
                    f"this FFmpeg has no {codec.encoder} for {output.form}: choose another --format"
                ) from None
        return output

    @property
    def moves(self) -> bool:
        """Whether it is not a still."""
        return self.form in _CODECS

    @property
    def is_video(self) -> bool:
        """Whether it is one that players play, with subtitles beside it; a GIF is not."""
        return self.moves and self.form != "gif"

    @property
    def resolution(self) -> str:
        """How large and how fast, such as 720p30 or 640x360p30."""
        _, (_, lines), rate = _QUALITIES[self.quality]
        return f"{'{}x{}'.format(*self.size) if self.size else lines}p{self.fps or rate}"

    def file_name(self, clip: str) -> str:
        """Return the name of the file that ``clip`` becomes."""
        loop = "-loop" if self.loops else ""
        most = f"-at-most-{self.max_bytes}" if self.max_bytes else ""
        return f"{clip}{loop}{most}.{self.form}"

    def expected_bytes(self, settings: Settings, clips: int) -> int:
        """Return about how many bytes so many clips take together; 0 for formats that take little."""
        codec = _CODECS.get(self.form)
        if codec is None:
            return 0
        _, pixels, rate = _QUALITIES[self.quality]
        across, down = self.size or Frame(settings.frame).pixels(pixels)
        bits: float = codec.bits * (across * down) ** _GROWTH * (854 * 480) ** (1 - _GROWTH)
        return round(clips * _SECONDS / settings.pace * (self.fps or rate) * bits / 8)

    def options(self, settings: Settings) -> dict[str, Any]:
        """Return Manim's options for it, by name, in the order in which they must be set."""
        options: dict[str, Any] = {"quality": _QUALITIES[self.quality][0]}
        if self.size:
            options |= dict(zip(("pixel_width", "pixel_height"), self.size, strict=True))
        if self.fps:
            options["frame_rate"] = self.fps
        codec = _CODECS.get(self.form)
        if codec is None:
            return options | {"dry_run": True}
        return options | {
            "write_to_movie": True,
            "format": self.form if self.is_video else "mp4",
            "video_codec": codec.encoder,
            "pixel_format": codec.with_alpha if settings.transparent else codec.opaque,
            "video_encoder_options": codec.options,
        }


def suited(settings: Settings, form: FormatName | None, size: Size | None) -> Settings:
    """Return ``settings`` with the theme and frame that suit ``form`` and ``size``, where none was chosen.

    Formats for laying over get the transparent theme; a size gets the frame of its shape.
    """
    suitable: dict[str, Any] = {}
    if form in ("webm", "mov") and "theme" not in settings.model_fields_set:
        suitable["theme"] = "transparent"
    if size and "frame" not in settings.model_fields_set:
        suitable["frame"] = next((frame for frame in FRAMES if Frame(frame).has_shape(size)), settings.frame)
    return settings.model_copy(update=suitable)


def _check_size(size: Size, frame: FrameName) -> None:
    text = f"{size[0]}x{size[1]}"
    if any(side % 2 for side in size):
        raise UserError(f"--size {text}: video needs even numbers")
    if not all(_SMALLEST <= side <= _LARGEST for side in size):
        raise UserError(f"--size {text}: each side may have {_SMALLEST} to {_LARGEST} pixels")
    if not Frame(frame).has_shape(size):
        fitting = "{}x{}".format(*Frame(frame).pixels(size))
        others = " or ".join(f"--frame {other}" for other in FRAMES if other != frame)
        raise UserError(f"--size {text} has not the shape of frame {frame}: choose {fitting}, or {others}")
