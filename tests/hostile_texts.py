"""Texts that somebody wrote to break something, from a seeded generator: always the same ones."""

import random
from collections.abc import Iterator

_MARKUP = (
    "<script>window.broken = 1</script>",
    '"><img src=x onerror="window.broken = 1">',
    "</script><script>window.broken = 1</script>",
    "</title><svg onload=window.broken=1>",
    "</textarea>",
    "<!--",
    "]]>",
    "<![CDATA[",
    "&lt;b&gt; &amp; &#0;",
    "javascript:window.broken=1",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "${7 * 7}",
    "#let x = 1; $x$",
    "\\write18{ls}",
    "[bold]x[/bold]",
    "[link=file:///]x[/]",
    "00:00:01,000 --> 00:00:02,000",
    "WEBVTT NOTE",
    "'; DROP TABLE clips; --",
    "$(touch owned) `touch owned` | touch owned",
    "%s %n %d {0} {0.__class__}",
    "file 'file:x' ffconcat version 1.0",
    "../../etc/passwd",
    "C:\\con\\nul",
    "--save=owned",
    "-h",
)
_LETTERS = (
    "\u202eright to left\u202c",
    "\u2066\u2067\u2068",
    "\u200b\u200d\ufeff\u00ad",
    "e" + "\u0301" * 40,
    "\u0300",
    "\ufffe\uffff\ufdd0\U0001fffe",
    "\ufffc\u2800\u3164\u115f",
    "\ue000\U000f0000",
    "\U000e0041\U000e0042",
    "\u2028\u2029\x85",
    "👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3 🇩🇪",
    "مرحبا بالعالم",
    "שלום",
    "नमस्ते กำแพง ខ្មែរ",
    "猫が好き 한국어",
    "ﷺ ﷽",
    "ǅ İ ı ß ﬃ Å",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ①②③",
    "a" * 300,
    "w" * 61 + " " + "ж" * 61,
    "." * 70,
)
_REFUSED = "\x00", "\x07", "\x1b[31mred\x1b[0m", "\x7f", "\x9b31m", "\ud800", "\udcff"


def hostile_texts(count: int, *, refused: bool = True, seed: int = 17) -> Iterator[str]:
    """Yield so many texts; without those that no sentence may hold, such as control characters, unless ``refused``."""
    draw = random.Random(seed)
    kinds = [_MARKUP, _LETTERS] + [_REFUSED] * refused
    for _ in range(count):
        parts = []
        for _ in range(draw.randint(1, 4)):
            parts.append(draw.choice(draw.choices(kinds, [4, 4, 1][: len(kinds)])[0]))
            if draw.random() < 0.3:
                parts.append(chr(draw.choice([draw.randrange(0x20, 0xD800), draw.randrange(0x1F000, 0x1FB00)])))
        yield draw.choice(["", " ", "\n", "\t"]).join(parts)
