"""Which checks the clips do not hold yet. This list only shrinks; at the end it is empty, and goes."""

from collections.abc import Iterable

from tests.scenes.audit.findings import Finding

NOT_YET: dict[str, set[str]] = {
    "Tokenization": {
        "crowded air",
        "empty stage",
        "faint shape",
        "faint text",
        "outside the safe area",
        "small picture",
        "small text",
        "text on a shape",
        "texts overlap",
    },
    "Embeddings": {
        "crowded air",
        "faint cells",
        "faint shape",
        "faint text",
        "small text",
        "text covered",
        "text on a shape",
        "texts overlap",
    },
    "Relationships": {"faint shape", "faint text", "line over a text", "small picture"},
    "Communication": {
        "caption too long",
        "faint shape",
        "faint text",
        "line over a text",
        "number on the way",
        "outside the safe area",
        "small picture",
        "small text",
        "text covered",
        "text on a shape",
        "texts overlap",
    },
    "QueryKeyValue": {"faint shape", "faint text", "small text"},
    "ScoreMatrix": {"faint shape", "faint text"},
    "ContextVectors": {
        "crowded air",
        "faint cells",
        "faint shape",
        "faint text",
        "small picture",
        "small text",
        "strip backward",
        "text covered",
        "text on a shape",
        "texts overlap",
    },
    "BroaderPicture": {"faint shape", "faint text", "strip backward"},
    "PyTorchCode": {
        "empty stage",
        "faint cells",
        "faint shape",
        "faint text",
        "strip backward",
        "text covered",
        "text on a shape",
        "texts overlap",
    },
    "DirectedGraph": {
        "caption too long",
        "faint shape",
        "faint text",
        "line over a text",
        "outside the safe area",
        "small picture",
        "text covered",
        "text on a shape",
    },
}
AT_RESTS = {"outside the safe area", "texts overlap", "line over a text"}  # held by all clips where nothing moves
UNREADABLE = 1.2  # % of the shorter side: lower capitals than these are in no clip


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are faults of what is held."""
    return [each for each in findings if each.check not in NOT_YET.get(each.clip, ()) or _was_held(each)]


def _was_held(finding: Finding) -> bool:
    unreadable = finding.check == "small text" and finding.worst < UNREADABLE
    text_or_line = not finding.what.endswith("'s shape")
    return finding.at_rest and ((finding.check in AT_RESTS and text_or_line) or unreadable)
