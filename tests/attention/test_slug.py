import re

from hypothesis import given
from hypothesis import strategies as st

from attention.slug import slug, tag


@given(st.text())
def test_any_text_gives_a_safe_file_name(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text.encode("utf-8", "replace").decode()))
    assert len(slug(text.encode("utf-8", "replace").decode())) <= 60


def test_names_can_be_guessed() -> None:
    assert slug("The cat sat.") == "the-cat-sat"
    assert slug("../../etc") == "etc"
    assert slug("Über die Straße") == "uber-die-strasse"


def test_an_emoji_alone_has_a_name_of_its_own() -> None:
    assert slug("🙂") == f"sentence-{tag('🙂')}"
    assert slug("🙂") != slug("🙃")
