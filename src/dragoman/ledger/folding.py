"""How words are made comparable, the same for what is stored and for what is asked.

Invariant: databases only ever compare what these functions gave, so every database finds the same.
"""

from __future__ import annotations

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"([^"]*)"|([^"\s]+)')
_PLAIN = str.maketrans("‘’‛ʼ`´“”„‟‐‑‒–—", "''''''\"\"\"\"-----")


def storable(text: str) -> str:
    """The text with NUL and lone surrogates, which no database column can hold, as U+FFFD."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub("\ufffd", text)


def fold(text: str) -> str:
    """The text without letter case, accents, typographic quotes and dashes, in single spaces."""
    plain = storable(text)
    letters = plain.replace("`", "'").lower() if plain.isascii() else _folded(plain)
    return " ".join(letters.split())


def _folded(plain: str) -> str:
    """Text with letters beyond ASCII, folded."""
    letters = unicodedata.normalize("NFKD", plain.translate(_PLAIN)).casefold()
    if not letters.isascii():
        letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return letters


def fold_in_place(text: str) -> tuple[str, list[int] | None]:
    """The text folded letter by letter, and where each of its characters came from; None: from where it stands.

    It has the same words as `fold` gives, but white space is as it was.
    """
    plain = storable(text).translate(_PLAIN)
    if plain.isascii():
        return plain.lower(), None
    folded = {letter: _fold_letter(letter) for letter in set(plain)}
    if all(len(letters) == 1 for letters in folded.values()):
        return plain.translate({ord(letter): other for letter, other in folded.items()}), None
    pieces = [folded[letter] for letter in plain]
    return "".join(pieces), [at for at, letters in enumerate(pieces) for _ in letters]


def _fold_letter(letter: str) -> str:
    """What becomes of one character."""
    letters = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(one for one in letters if not unicodedata.combining(one))


def search_words(text: str) -> list[str]:
    """The words of a text that full-text search knows, in order: letters and digits, folded."""
    return _WORD.findall(fold(text))


def search_phrases(query: str) -> list[list[str]]:
    """What a query asks for: each word, and each stretch in straight double quotes as a phrase.

    All must be there. Whatever else is in it (operators, punctuation, an open quote) means nothing.
    """
    quotes = query.replace("“", '"').replace("”", '"')
    parts = (search_words(phrase or word) for phrase, word in _QUOTED.findall(quotes))
    return [words for words in parts if words]
