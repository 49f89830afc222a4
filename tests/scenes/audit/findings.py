"""What a check returns, and how what it says of many pictures becomes one line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tests.scenes.audit.ink import Box, Ink


@dataclass(frozen=True)
class Fault:
    """What is wrong with one picture: of what, by how much, and where in it."""

    what: str
    amount: float
    unit: str
    boxes: tuple[Box, ...] = ()

    @classmethod
    def of(cls, amount: float, unit: str, *inks: Ink) -> "Fault":
        """Return the fault of one or two things."""
        return cls(" × ".join(map(str, inks)), amount, unit, tuple(ink.box for ink in inks))

    def worse(self, other: "Fault") -> "Fault":
        """Return the worse one of two."""
        return self if worse(self.unit, self.amount, other.amount) == self.amount else other


@dataclass(frozen=True)
class Finding:
    """One fault of a clip: when it is first seen, for how many seconds in all, and how bad it is at its worst."""

    clip: str
    check: str
    what: str
    time: float
    seconds: float
    worst: float
    unit: str
    at_rest: bool = False  # whether it is there when nothing moves

    def __str__(self) -> str:
        return (
            f"{self.clip} at {self.time:.1f} s for {self.seconds:.1f} s: {self.check}: {self.what} "
            f"({self.worst:.3g} {self.unit})"
        )


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each thing, however many pictures it was found in."""
    found: dict[tuple[str, str, str], Finding] = {}
    for each in findings:
        key = each.clip, each.check, each.what
        if key not in found:
            found[key] = each
            continue
        before = found[key]
        found[key] = replace(
            before,
            seconds=before.seconds + each.seconds,
            worst=worse(before.unit, before.worst, each.worst),
            at_rest=before.at_rest or each.at_rest,
        )
    return list(found.values())


def worse(unit: str, one: float, other: float) -> float:
    """Return the worse one of two amounts."""
    return min(one, other) if unit in _LESS_IS_WORSE else max(one, other)


_LESS_IS_WORSE = ("% of the shorter side", ": 1", "s shown", "of the stage")


def grouped(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Yield each check with its findings, the longest seen first."""
    by_check: dict[str, list[Finding]] = {}
    for each in findings:
        by_check.setdefault(each.check, []).append(each)
    for check, found in by_check.items():
        yield check, sorted(found, key=lambda each: (-each.seconds, each.time))
