"""The words of the film in its language, as gettext has them: a message is the English text, its places have names.

``_("{token} meets one column of W_Q", token="“it”")`` says it in the language of the scene that was set up last.
"""

from scenes.words.chapters import chapter_of
from scenes.words.saying import N_, NN_, NP_, _, language_name, ngettext, npgettext, pgettext
from scenes.words.speaking import language, localized, speak, words_digest
from scenes.words.splitting import pieces

__all__ = [
    "NN_",
    "NP_",
    "N_",
    "_",
    "chapter_of",
    "language",
    "language_name",
    "localized",
    "ngettext",
    "npgettext",
    "pgettext",
    "pieces",
    "speak",
    "words_digest",
]
