"""How frames are encoded: lightly for a preview, and as good as Manim does by default, in half the time, otherwise.

Measured on the film's own frames (signal to noise, against libx264's preset medium at crf 23, Manim's default): medium
43.5 dB at 480p15, ultrafast at the same crf 47.9 dB in a fifth of the time and four times the size; at 1080p60, medium
47.9 dB, superfast at crf 24 48.6 dB in less than half the time and 1.5 times the size. Flat colours then were up to 8
levels off at 720p, in 8 % of the places looked at by more than 3; finer chroma and no adaptive quantisation make that 4
levels and 0.2 %, for 1.8 times the size.
"""

from manim import config

PREVIEW_HEIGHT = 480  # pixels of the shorter side, up to which a clip is a preview
_PREVIEW = {"preset": "ultrafast", "crf": "23"}
_FINAL = {"preset": "superfast", "crf": "24", "chromaoffset": "-12", "aq-mode": "0"}


def choose_encoder() -> None:
    """Set Manim's options for H.264 by the size of the picture; what its configuration says already stays."""
    config.max_inflight_encoders = max(config.max_inflight_encoders, 2)  # the end of a segment holds nothing up
    config.encoder_queue_size = min(config.encoder_queue_size, 4)  # frames of 1080p take 8 MB each
    if not config.transparent and config.video_codec in ("auto", "libx264"):
        preview = min(config.pixel_width, config.pixel_height) <= PREVIEW_HEIGHT
        config.video_encoder_options = (_PREVIEW if preview else _FINAL) | config.video_encoder_options
