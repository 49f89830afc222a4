"""Play clips and print what no viewer should see: ``python -m tests.scenes.audit [CLIP …]``.

Without names, all clips of the film are played in order, and each join between two of them is looked at too.
"""

import argparse
import itertools
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from attention import UserError
from attention.settings import DEFAULT_SENTENCE, FRAMES, THEMES, FrameName, LanguageName, ThemeName
from scenes.clips import film_clips, find_clip
from tests.scenes.audit.checks import between, found_in
from tests.scenes.audit.findings import Finding, worse
from tests.scenes.audit.recording import record
from tests.scenes.audit.snapshot import snapshot

_PICTURES = Path("renders", "audit")
_QUOTED = re.compile(r"(['\"]).*?\1(?=$| ×)")


def main() -> int:
    """Run what the command line asks for, and return how many kinds of faults were found, at most 1."""
    chosen = _arguments()
    try:
        clips = [find_clip(name) for name in chosen.clips] or film_clips(heads=1)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    frames = FRAMES if chosen.all else [chosen.frame]
    themes = THEMES if chosen.all else [chosen.theme]
    found = [_audit(clips, frame, theme, chosen) for frame, theme in itertools.product(frames, themes)]
    return int(any(found))


def _audit(clips: Sequence[Any], frame: FrameName, theme: ThemeName, chosen: argparse.Namespace) -> bool:
    """Play clips in one frame and theme, print what is found, and return whether anything is."""
    choices = {"sentence": chosen.sentence, "frame": frame, "theme": theme}
    choices |= {"captions": chosen.captions, "language": chosen.language}
    choices |= {"model": chosen.model} if chosen.model else {}
    found = False
    recordings = []
    for clip in clips:
        title = f"{clip.scene}, {frame}, {theme}"
        try:
            recording = record(clip.scene_class(), **choices)
        except UserError as error:
            print(f"{title}: does not play: {error}")
            found = True
            continue
        found |= _show(title, found_in(recording), chosen)
        for time in chosen.png or []:
            file = _PICTURES / f"{clip.scene}-{frame.replace(':', 'x')}-{theme}-{time:g}.png"
            snapshot(clip.scene_class(), recording, time, file, **choices)
            print(f"written: {file}")
        recordings.append(recording)
    if not chosen.clips:
        found |= _show(f"between clips, {frame}, {theme}", between(recordings), chosen)
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scenes.audit", description=__doc__)
    parser.add_argument("clips", nargs="*", metavar="CLIP", help="such as ScoreMatrix, score-matrix or 6; default: all")
    parser.add_argument("--frame", choices=get_args(FrameName), default="16:9")
    parser.add_argument("--theme", choices=get_args(ThemeName), default="dark")
    parser.add_argument("--sentence", default=DEFAULT_SENTENCE)
    parser.add_argument("--language", choices=get_args(LanguageName), default="en")
    parser.add_argument("--model", help="a model's folder")
    parser.add_argument("--no-captions", dest="captions", action="store_false", help="as without captions")
    parser.add_argument("--all", action="store_true", help="all frames in all themes")
    parser.add_argument("--check", action="append", help="show only these, such as 'texts overlap'")
    parser.add_argument("--each", action="store_true", help="a line for each text, not one for those alike")
    parser.add_argument(
        "--png", type=float, action="append", metavar="SECONDS", help="draw this moment, with a box around each fault"
    )
    return parser.parse_args()


def _show(title: str, found: list[Finding], chosen: argparse.Namespace) -> bool:
    """Print findings, those alike in one line, and return whether there are any."""
    found = [each for each in found if not chosen.check or each.check in chosen.check]
    if not found:
        print(f"{title}: nothing found")
        return False
    print(title)
    for (check, _), alike in _alike(found, each=chosen.each).items():
        first = min(alike, key=lambda finding: finding.time)
        worst = first.worst
        for finding in alike:
            worst = worse(finding.unit, worst, finding.worst)
        more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
        seconds = max(finding.seconds for finding in alike)
        moving = "" if any(finding.at_rest for finding in alike) else " moving"
        when = f"{first.time:5.1f} s for {seconds:.1f} s{moving}"
        print(f"  {when:24} {check:22} {first.what}{more} ({worst:.3g} {first.unit})", flush=True)
    return True


def _alike(found: list[Finding], *, each: bool) -> dict[tuple[str, str], list[Finding]]:
    """Return findings by their check and by what they are about, texts left out."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        kind = finding.what if each or finding.check.startswith("caption") else _QUOTED.sub("…", finding.what)
        groups.setdefault((finding.check, kind), []).append(finding)
    return groups


if __name__ == "__main__":
    sys.exit(main())
