"""The last picture of a clip as vectors, for texts that not every kind of file takes."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdfium2 import PdfDocument

from scenes.output.plain_text import plain_text
from scenes.output.stills import write_still
from scenes.tokenization import Tokenization
from tests.scenes.played import play

ODD = '\ufffe \U0001ffff \ufdd0 a\ufffcb \ufffc \u2800 <b> & ]]> "it\'s" {{ 7 }} $x$ #let'


@pytest.mark.filterwarnings("ignore")
def test_any_text_makes_vectors_that_programs_read() -> None:
    scene, _ = play(Tokenization, sentence=ODD)
    root = ElementTree.parse(write_still(scene, Path("odd.svg"), "Odd")).getroot()
    assert root.findtext("{*}desc") == plain_text(ODD)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "&" in texts
    assert "\N{REPLACEMENT CHARACTER}" in texts
    with PdfDocument(write_still(scene, Path("odd.pdf"), "Odd")) as opened:
        (page,) = opened
        shown = page.get_textpage().get_text_range()
    assert "&" in shown
    assert "{" in shown


def test_notes_of_slides_are_what_xml_takes() -> None:
    refused = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for text in ("\ufffe", "a\uffffb", "\x0b", "\ud800"):
        assert refused.search(text)
        assert not refused.search(plain_text(text))
    assert plain_text("wörd\n🙂") == "wörd\n🙂"
