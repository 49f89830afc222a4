from pathlib import Path

import pytest

from attention import UserError
from attention.settings import DEFAULT_PAIR, paired, read_settings


def test_command_line_beats_environment_beats_file_beats_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().theme == "dark"
    Path("attention.toml").write_text('theme = "light"\nframe = "1:1"\nsentence = "file"\n')
    assert read_settings().theme == "light"
    monkeypatch.setenv("ATTENTION_FRAME", "9:16")
    monkeypatch.setenv("ATTENTION_SENTENCE", "environment")
    settings = read_settings(sentence="command line", theme=None)
    assert (settings.sentence, settings.frame, settings.theme) == ("command line", "9:16", "light")


def test_captions_are_left_out_where_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().captions
    Path("attention.toml").write_text("captions = false\npace = 2\n")
    assert (read_settings().captions, read_settings().pace) == (False, 2.0)
    monkeypatch.setenv("ATTENTION_CAPTIONS", "1")
    assert read_settings().captions
    assert not read_settings(captions=False).captions


def test_a_head_is_a_number_or_the_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().head == 0
    assert read_settings(head="3").head == 3
    assert read_settings(head="mean").head == "mean"
    monkeypatch.setenv("ATTENTION_HEAD", "mean")
    monkeypatch.setenv("ATTENTION_HIDE_SPECIAL", "true")
    monkeypatch.setenv("ATTENTION_CAUSAL", "1")
    settings = read_settings(allow_pickle=True)
    assert (settings.head, settings.hide_special, settings.causal, settings.allow_pickle) == ("mean", True, True, True)
    with pytest.raises(UserError, match=r"setting head: .*integer.* or .*'mean'.*'some'"):
        read_settings(head="some")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("theme = 3", "theme"),
        ("theme = ", "attention.toml"),
        ('them = "dark"', "them"),
        ("head = -1", "head"),
        ('hide_special = "some"', "hide_special"),
        ('model = "tiny"', "--model, or ATTENTION_MODEL"),
        ("allow_pickle = true", "--allow-pickle, or ATTENTION_ALLOW_PICKLE"),
    ],
)
def test_a_faulty_file_is_named_in_one_line(content: str, says: str) -> None:
    Path("attention.toml").write_text(content)
    with pytest.raises(UserError, match=says) as caught:
        read_settings()
    assert "\n" not in str(caught.value)


def test_a_pair_is_what_is_chosen_or_else_the_packages_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = paired(read_settings())
    assert (own.sentence, own.other) == DEFAULT_PAIR
    assert paired(own) == own
    monkeypatch.setenv("ATTENTION_OTHER", "environment")
    chosen = paired(read_settings(sentence="command line"))
    assert (chosen.sentence, chosen.other) == ("command line", "environment")


def test_one_sentence_alone_is_no_pair() -> None:
    with pytest.raises(UserError, match=r"ATTENTION_OTHER.*attention\.toml") as caught:
        paired(read_settings(sentence="one"))
    assert "\n" not in str(caught.value)
