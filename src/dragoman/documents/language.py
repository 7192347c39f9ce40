"""Is a text in English? The script of its letters and the share of its function words decide.

English news holds its function words at a steady rate, whatever names stand in it. In some 3,580 English
reports of 50 words and more (Wikinews, world newswires, PolNeAR, MUC-4, WikiEvents) the lowest share was
0.17; in text of nineteen other languages the highest was 0.16 (Hungarian, where `a` and `is` are words too,
beside 0.38 of its own), and 0.06 in the rest. A trained detector, py3langid, was tried and left: 0.9 s and
130 MB at the first call, and five of 1,050 English sentences taken for Nigerian Pidgin and the like.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files

from dragoman.errors import OtherLanguage

READ_CHARACTERS = 5_000
# Under so many words nothing can be told.
FEWEST_WORDS = 5
# The least share of English function words, asked for only of a text this long: a headline may have none.
LEAST_ENGLISH, LONG_ENOUGH = 0.12, 50
# Another language is named when its words are so many, this share of all, and twice the English ones.
FEWEST_HITS, LEAST_OTHER = 3, 0.15

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-zA-Z\u00aa-\u024f\u0300-\u036f\u1e00-\u1eff]")
# Letters by the first word of their Unicode names, with a language that uses them.
_SCRIPTS = {
    "CYRILLIC": "Russian or another language in Cyrillic letters",
    "ARABIC": "Arabic or another language in Arabic letters",
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "DEVANAGARI": "Hindi or another language in Devanagari letters",
}


def check_language(text: str, *, force: bool = False) -> str | None:
    """`en`, or None when it cannot be told; another language is an OtherLanguage error, unless forced."""
    other = other_script(text) or other_language(text)
    if other and not force:
        raise OtherLanguage(
            f"the report seems to be in {other}, and Dragoman reads English only so far",
            "translate it first, or read it as it is with --force (force=True in Python)",
        )
    words = _WORD.findall(text[:READ_CHARACTERS].casefold())
    if other or len(words) < FEWEST_WORDS:
        return None
    return "en" if _hits(words)["English"] >= LEAST_ENGLISH * len(words) else None


def other_script(text: str) -> str | None:
    """What a text looks like that is mostly not in Latin letters, or None."""
    letters = [c for c in text[:READ_CHARACTERS] if c.isalpha()]
    foreign = [c for c in letters if not _LATIN.match(c)]
    if len(foreign) < FEWEST_WORDS or len(foreign) <= len(letters) / 2:
        return None
    script, _ = Counter(unicodedata.name(c, "?").split()[0] for c in foreign).most_common(1)[0]
    return _SCRIPTS.get(script, "a language that is not written in Latin letters")


def other_language(text: str) -> str | None:
    """The language, not English, that a text in Latin letters looks like, or None."""
    words = _WORD.findall(text[:READ_CHARACTERS].casefold())
    hits = _hits(words)
    english = hits.pop("English")
    name, other = hits.most_common(1)[0]
    if other >= max(FEWEST_HITS, LEAST_OTHER * len(words), 2 * english):
        return name
    if len(words) >= LONG_ENOUGH and english < LEAST_ENGLISH * len(words):
        return "another language"
    return None


def _hits(words: list[str]) -> Counter[str]:
    """How many of the words are function words of each language."""
    counts = Counter(words)
    return Counter({name: sum(counts[word] for word in listed) for name, listed in _function_words().items()})


@cache
def _function_words() -> dict[str, frozenset[str]]:
    lines = files("dragoman.documents").joinpath("function_words.txt").read_text(encoding="utf-8").splitlines()
    lists = (line.split(":") for line in lines if not line.startswith("#"))
    return {name: frozenset(words.split()) for name, words in lists}
