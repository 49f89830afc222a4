"""Any text in files that take only some characters: XML refuses a few, and cairo's PDF all noncharacters."""

import re

_REFUSED = re.compile(
    r"[^\t\n\r\x20-\ud7ff\ue000-\U0010ffff]"  # XML 1.0, section 2.2
    r"|[\ufdd0-\ufdef]|[" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + "]"
)


def plain_text(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that XML or PDF cannot hold."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)
