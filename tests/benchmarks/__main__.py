"""Measure and print: ``python -m tests.benchmarks [film] [stock] [growth] [again] [start] [profile]``.

Nothing else should run meanwhile. All of it takes about an hour at three repetitions; the table is also written to
renders/benchmarks/, where earlier ones stay.
"""

import argparse
import os
import platform
import time

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measures import SUBJECTS
from tests.benchmarks.processes import ROOT
from tests.benchmarks.profile import profile


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "subjects", nargs="*", metavar="SUBJECT", help=f"{', '.join(SUBJECTS)} or profile; default: all"
    )
    parser.add_argument("--repeats", type=int, default=3, help="how often each is measured (default: 3)")
    chosen = parser.parse_args()
    unknown = set(chosen.subjects) - {*SUBJECTS, "profile"}
    if unknown:
        parser.error(f"no subject {', '.join(sorted(unknown))}: there are {', '.join(SUBJECTS)} and profile")
    subjects = chosen.subjects or [*SUBJECTS, "profile"]

    title = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%F %H:%M')}"
    )
    table = Table("what", "median", "spread", "target", title=title)
    shares = Table("part of a film at 480p15", "seconds", "share", title=title)
    screen = Console()
    for subject in subjects:
        if subject == "profile":
            parts = profile()
            for part, seconds in sorted(parts.items(), key=lambda each: -each[1]):
                shares.add_row(part, f"{seconds:.2f}", f"{seconds / sum(parts.values()):.0%}")
            continue
        for row in SUBJECTS[subject](chosen.repeats):
            screen.print(*row.cells, sep="   ")
            table.add_row(*row.cells)
    written = Console(record=True)
    for each in (table, shares):
        if each.row_count:
            written.print(each)
    file = ROOT / "renders" / "benchmarks" / f"{time.strftime('%Y%m%d-%H%M%S')}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    written.save_text(str(file))
    screen.print(f"written to {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
