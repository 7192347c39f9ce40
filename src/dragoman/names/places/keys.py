"""The key under which the gazetteer keeps a name: one for all ways to write it.

Invariant: needs the standard library only, since the gazetteer is compiled (hatch_build.py) where Dragoman is not yet
installed; both sides must fold alike.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ə": "a", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng",
    "-": " ", "–": " ", "‑": " ", "/": " ", ",": " ", "(": " ", ")": " ", ".": "", "'": "", "’": "", "‘": "", "ʻ": "",
    "ʼ": "", "ʿ": "", "ʾ": "", "`": "", "´": "", "′": "", '"': "", "“": "", "”": "", "&": " and ",
})  # fmt: skip
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_ARTICLE = re.compile(r"\A(?:al|el|ad|ar|as|ash|at|an|az|ul) (?=\w)")


def fold(name: str) -> str:
    """The name in small letters without accents, apostrophes, hyphens and `the`; St. is Saint."""
    plain = name.casefold().translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    words = [_SHORT.get(word, word) for word in plain.split()]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def without_article(key: str) -> str | None:
    """The key without the Arabic article that it begins with, which English writes in many ways or leaves out."""
    bare = _ARTICLE.sub("", key)
    return bare if bare != key else None
