import pytest

from attention import trace


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox jumps over the lazy dog's 12,345 unbelievable Llanfairpwllgwyngyll-style neighbours!",
        "Die Donaudampfschifffahrtsgesellschaft grüßt Fußgänger, Ärzte, Öfen und Übermut: „Schön!“ – 3,50 €",
        "Où l'élève français naïf a-t-il caché sa sœur, l'œuf et l'ouïe ? « Çà et là », dît-elle à Noël…",
        "antidisestablishmentarianism" * 3,
    ],
)
def test_english_german_and_french_have_no_unknown_token(text: str) -> None:
    assert not trace(text).unknown.any()


def test_an_emoji_keeps_its_text_is_unknown_and_leaves_its_neighbour_known() -> None:
    t = trace("cat🙂 👨‍👩‍👧 🇩🇪🇫🇷 👍🏽 1️⃣ ok")
    assert t.labels == ("cat", "🙂", "👨‍👩‍👧", "🇩🇪", "🇫🇷", "👍🏽", "1️⃣", "ok")
    assert t.unknown.tolist() == [False, *[True] * 6, False]


def test_chips_carry_case_and_accents_as_written() -> None:
    t = trace("État E\u0301tat STRASSE unbelievably")
    assert "".join(t.labels) == "ÉtatE\u0301tatSTRASSEunbelievably"
    assert t.continues.any()
    assert (t.continues == [token.startswith("##") for token in t.tokens]).all()


def test_letters_of_a_korean_syllable_are_told_apart() -> None:
    labels = trace("한국").labels
    assert len(set(labels)) > 2
    assert "한" not in labels


def test_markup_is_text() -> None:
    assert trace("<b> & $x$ #let").labels == ("<", "b", ">", "&", "$", "x", "$", "#", "let")
