"""Finding a clip by what a user calls it."""

from difflib import get_close_matches

from attention import UserError
from scenes.output.clips import ALL_CLIPS, Clip


def find_clip(name: str) -> Clip:
    """Return the clip called ``name``: its scene (``ScoreMatrix``), its file (``score-matrix``) or its number (``6``).

    Raises
    ------
    UserError
        If there is none; says which there are, those with a similar name first.
    """
    wanted = name.casefold().lstrip("0")
    for clip in ALL_CLIPS:
        if _plain(name) in (_plain(clip.scene), _plain(clip.name)) or (wanted and wanted == clip.place.lstrip("0")):
            return clip
    names = {_plain(clip.scene): clip.module.replace("_", "-") for clip in ALL_CLIPS}
    near = get_close_matches(_plain(name), names, n=len(names), cutoff=0.5)
    listed = ", ".join(names[each] for each in dict.fromkeys([*near, *names]))
    raise UserError(f"there is no clip {name!r}: choose one of {listed}")


def _plain(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "").removesuffix(".py").lstrip("0123456789")
