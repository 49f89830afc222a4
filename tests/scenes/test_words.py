"""The words of the film: all of them in its catalogues, and said in the language that is asked for."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any, get_args

import cairo
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from manim import Mobject, tempconfig
from typer.testing import CliRunner

from attention import UserError
from attention.settings import LanguageName, Settings
from scenes.captioned_scene import CAPTION_LIMIT, caption_length
from scenes.cli import app
from scenes.clips import CLIPS, Clip
from scenes.directed_graph import DirectedGraph
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact, print_number
from scenes.drawing.marks import noting
from scenes.embeddings import Embeddings
from scenes.explainer_scene import ExplainerScene
from scenes.mobjects.formula import Formula
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Caption
from scenes.output.formats import Output
from scenes.output.joining import ISO_639_2
from scenes.output.receipts import choices
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.tokenization import Tokenization
from scenes.tokenization_parts.model_box import TRAINED_ON
from scenes.words import _, ngettext, speak
from scenes.words.catalogue import TEMPLATE, catalogue_file
from scenes.words.checking import forms, places
from scenes.words.extract import extract_messages
from tests.attention.checkpoints import make
from tests.recomputed import recompute
from tests.scenes.played import QUIET, of, play
from tests.scenes.truth import assert_printed_as_known, assert_true

LANGUAGES: list[LanguageName] = [name for name in get_args(LanguageName) if name != "en"]
NAMED = 12  # characters of a token in a caption, with its quotes


def read(file: Path, language: str | None = None) -> Catalog:
    return read_po(file.read_text(encoding="utf-8").splitlines(), locale=language, abort_invalid=True)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def told(catalog: Catalog) -> list[tuple[Any, ...]]:
    return [
        (each.id, each.context, " ".join(each.auto_comments), [place for place, _ in each.locations])
        for each in messages(catalog)
    ]


def said(mobjects: list[Mobject]) -> list[str]:
    return [caption.text for caption in of(Caption, mobjects)]


def test_the_template_is_what_the_code_says() -> None:
    assert told(read(TEMPLATE)) == told(extract_messages()), "python -m scenes.words.extract writes it anew"


def test_a_language_is_offered_if_and_only_if_it_has_a_catalogue() -> None:
    assert {file.stem for file in TEMPLATE.parent.glob("*.po")} == set(LANGUAGES)
    assert ISO_639_2.keys() >= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete_and_fills_the_same_places(language: str) -> None:
    catalog = read(catalogue_file(language), language)
    assert [(each.id, each.context) for each in messages(catalog)] == [
        (each.id, each.context) for each in messages(read(TEMPLATE))
    ]
    assert not [each.id for each in messages(catalog) if each.fuzzy or not all(forms(each.string))]
    for message in messages(catalog):
        many = set(places(forms(message.id)[-1]))
        assert all(set(places(text)) == many for text in forms(message.string)[1:]), message.string
        assert many - {"number"} <= set(places(forms(message.string)[0])) <= many, message.string  # "another one"
        assert len(forms(message.string)) == (catalog.num_plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_caption_is_too_long_in_a_language(language: str) -> None:
    """Whatever is short enough to be one in English is so in each language, also with the longest tokens."""
    for message in messages(read(catalogue_file(language), language)):
        on_pages = all(place.startswith(("scenes/output", "scenes/deck")) for place, _ in message.locations)
        if not on_pages and all(caption_length(longest(text)) <= CAPTION_LIMIT for text in forms(message.id)):
            too_long = [text for text in forms(message.string) if caption_length(longest(text)) > CAPTION_LIMIT]
            assert not too_long, (too_long, message.id)


def longest(text: str) -> str:
    """Fill a message as far as that makes a caption: tokens as long as they are named, numbers of four digits."""
    names = dict.fromkeys(places(text), "0.12")
    return text.format(**names | dict.fromkeys(("token", "other", "word", "asker", "asked"), "x" * NAMED))


def in_greek(text: str) -> str:
    """Return a text with Greek letters instead of Latin ones, but for its places."""
    small = "αβγδεφηηικκλμνοπθρστυωωχυζ"
    letters = str.maketrans(ascii_lowercase + ascii_uppercase, small + small.upper())
    return "".join(part if part.startswith("{") else part.translate(letters) for part in re.split(r"(\{\w+\})", text))


@pytest.fixture(scope="module")
def greek(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a catalogue in which each message is told from what is in none."""
    catalog = read(TEMPLATE, "en")
    for message in messages(catalog):
        changed = tuple(map(in_greek, forms(message.id)))
        message.string = changed if message.pluralizable else changed[0]
    return written(catalog, tmp_path_factory.mktemp("words") / "greek.po")


def written(catalog: Catalog, file: Path) -> str:
    with file.open("wb") as content:
        write_po(content, catalog)
    return str(file)


CHOICES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "Comparison": lambda _: {"sentence": "The bank of the river was steep.", "other": "The bank approved the loan."},
    "MultiHead": lambda folder: {"model": str(make(folder / "gpt2", "gpt2")), "layer": 1, "head": 2},
    "HeadGallery": lambda folder: {"model": str(make(folder / "bert", "bert")), "layer": 1, "head": 2},
    "PyTorchCode": lambda folder: {"model": str(make(folder / "gemma2", "gemma2"))},
}


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.scene)
def test_no_text_is_left_out_of_the_catalogues(clip: Clip, greek: str, tmp_path: Path) -> None:
    choices = CHOICES.get(clip.scene, lambda _: {})(tmp_path)
    scene, mobjects = play(clip.scene_class(), words=greek, **choices)
    texts = {text for part in of(DrawnMobject, mobjects) for text in texts_of(part)}
    assert not {text for text in texts if re.search(r"[A-Za-z]{2,}", text) and not is_known(text, scene)}
    assert not [name for name, _ in scene.chapters if re.search("[A-Za-z]", name)]


def texts_of(part: DrawnMobject) -> set[str]:
    """Return the words that a mobject draws: of captions without what they quote, of formulas the quoted ones."""
    if isinstance(part, CodePanel):
        return set()
    if isinstance(part, Caption):
        return {re.sub("“.*?”", "", part.text)}
    with noting() as marks:
        part.set_opacity(1).draw(cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None)))
    drawn = {mark.text for mark in marks if mark.kind == "text"}
    if isinstance(part, Formula | FormulaTerms):
        return {quoted for source in drawn for quoted in re.findall('"(.*?)"', source)}
    return drawn


def is_known(text: str, scene: ExplainerScene) -> bool:
    """Whether a text is the sentence's, a token's, a model's, or of code or mathematics."""
    source = getattr(scene, "source", None)
    code = " ".join(source.lines) if source else ""
    others = [reading for trace in scene.traces for readings in trace.neighbours.readings for reading in readings]
    known = [*(label for trace in scene.traces for label in (*trace.labels, *trace.readings)), *others]
    bare = text.strip("-…“”: ")
    names = {scene.trace.model, "softmax", "model", "heads"}
    inside = bare in code or any(bare in trace.sentence for trace in scene.traces)
    return bare in names or inside or any(each.startswith(bare) for each in known)


def test_a_text_of_the_users_own_replaces_that_of_the_language(tmp_path: Path) -> None:
    catalog = read(TEMPLATE, "de")
    catalog.get("Everything begins as raw text").string = "Am Anfang: Text"
    catalog.get("A square edge: this piece continues a word").string = "nicht fertig"
    catalog.get("A square edge: this piece continues a word").flags.add("fuzzy")
    words = written(catalog, tmp_path / "my.po")
    german, both = (
        said(play(Tokenization, sentence="Tokenizers split.", language="de", words=each)[1]) for each in (None, words)
    )
    assert both == ["Am Anfang: Text", *german[1:]]
    english = said(play(Tokenization, sentence="Tokenizers split.", words=words)[1])
    assert english[:2] == ["Am Anfang: Text", "Four stages: raw text, tokens, embeddings, model"]


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            'msgid "{token} has moved toward {other}"\nmsgstr "{tokn} geht"',
            ":5: {tokn} is unknown here: this text has {other}, {token}",
        ),
        ('msgid "{token} has moved toward {other}"\nmsgstr "{token geht"', ":5: "),
        ('msgid "{token} has moved toward {other}"\nmsgstr "{token.text} geht"', ":5: {token.text} is unknown here"),
        ('msgid "{token} has moved toward {other}"\nmsgstr "{token:>9} geht"', ":5: {token:>9} is unknown here"),
        ('msgid "vocabulary"\nmsgstr "{}"', ":5: {} is unknown here: this text has no places"),
        ('msgid "vocabulary"\nmsgstr "one\\ntwo"', ":5: a text is one line"),
        ('msgid "vocabulary"\nmsgstr "Wörter', ":6: "),
        ("mine", ":5: "),
    ],
)
def test_a_fault_in_a_file_of_words_is_told_with_its_line(content: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "my.po"
    file.write_text(HEAD + content + "\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        speak(Settings(words=str(file)))
    assert str(error.value).startswith(f"{file}{told}")
    assert len(str(error.value).splitlines()) == 1


def test_a_file_of_words_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.po").write_bytes((HEAD + 'msgid "vocabulary"\nmsgstr "W\xf6rter"\n').encode("latin-1"))
    for name, told in (("nowhere.po", "No such file"), ("latin.po", "is no UTF-8")):
        with pytest.raises(UserError, match=told):
            speak(Settings(words=str(tmp_path / name)))


def test_a_caption_that_is_too_long_is_told_with_its_length(tmp_path: Path) -> None:
    catalog = read(TEMPLATE, "en")
    catalog.get("Everything begins as raw text").string = "all " * 16
    with pytest.raises(UserError, match="at most 60 characters, this one 64: 'all all"):
        play(Tokenization, words=written(catalog, tmp_path / "my.po"))


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_what_is_exported_says_what_was_said(language: str, tmp_path: Path) -> None:
    runner, file = CliRunner(), tmp_path / "my.po"
    assert runner.invoke(app, ["words", "--export", str(file), "--language", language]).exit_code == 0
    exported = messages(read(file, language))
    assert len(exported) == len(messages(read(TEMPLATE)))
    theirs = read(TEMPLATE if language == "en" else catalogue_file(language), language)
    for message in exported:
        said = message.id if language == "en" else theirs.get(message.id, message.context).string
        assert forms(message.string) == forms(said)
    speak(Settings(words=str(file)))
    assert isinstance(runner.invoke(app, ["words", "--export", str(file)]).exception, UserError)


def test_a_scene_speaks_its_own_language_whatever_was_made_meanwhile() -> None:
    with tempconfig({**QUIET, "dry_run": True}):
        german = Tokenization(Settings(sentence="Hi", language="de"), skip_animations=True)
        english = Tokenization(Settings(sentence="Hi"), skip_animations=True)
        for scene in (german, english):
            scene.play_through()
    assert english.caption.text == "What the model reads: ids, no letters"
    assert german.caption.text != english.caption.text


@pytest.mark.parametrize("scene", [DirectedGraph, Embeddings])
def test_numbers_have_the_signs_of_the_language_and_are_true(scene: type[ExplainerScene]) -> None:
    sentence = "The king loved his daughter."
    played, mobjects = play(scene, sentence=sentence, language="de")
    assert print_number(-0.125, 2) == "−0,12"
    assert Fact("x", -0.125).printed == -0.12
    assert any(re.search(r"\d,\d", fact.text) for part in of(DrawnMobject, mobjects) for fact in part.facts())
    assert assert_true(mobjects, recompute(played.trace.sentence)) > 10
    assert_printed_as_known(mobjects)


def test_what_a_shipped_models_file_says_is_a_message() -> None:
    scene, _ = play(Tokenization, sentence="Hi")
    assert scene.trace.trained_on == TRAINED_ON


def test_a_clip_in_another_language_or_other_words_is_another_clip(tmp_path: Path) -> None:
    file = tmp_path / "my.po"
    chosen = []
    for text in ("one", "two"):
        file.write_text(f'{HEAD}msgid "vocabulary"\nmsgstr "{text}"\n', encoding="utf-8")
        settings = Settings(sentence="Hi", words=str(file))
        speak(settings)
        chosen.append(choices(settings, Output(), []))
    assert chosen[0] != chosen[1]


def test_plural_forms_are_those_of_the_language() -> None:
    speak(Settings(language="de"))
    one, many = (ngettext("{number} more term", "{number} more terms", count, number=count) for count in (1, 2))
    assert one.startswith("1 ")
    assert one.removeprefix("1 ") != many.removeprefix("2 ")
    assert _("no message") == "no message"


def test_plain_english_needs_no_catalogues() -> None:
    code = "import sys, scenes.explainer_scene, scenes.cli; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
