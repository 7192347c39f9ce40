"""The vocabulary of time, and a text as a line of word kinds: what the rules of `grammar` are matched against.

Invariant: `Line.kinds` has one character a token, so a match over it is a match over the tokens, and its cost
does not depend on how long the words are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.records import Span

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {
    "second": "S", "minute": "M", "hour": "H", "day": "D", "week": "W", "weekend": "WE", "month": "M", "quarter": "Q",
    "year": "Y", "decade": "E", "century": "C",
}  # fmt: skip
PARTS = {
    "noon": "MI", "overnight": "NI",
    "morning": "MO", "dawn": "MO", "daybreak": "MO", "afternoon": "AF", "evening": "EV", "dusk": "EV", "night": "NI",
    "nightfall": "NI",
}  # fmt: skip
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
_ONES = "zero one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBERS = {
    **{word: number for number, word in enumerate(_ONES + _TEENS)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
POWERS = {"dozen": 12, "hundred": 100, "thousand": 1000}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30, "twenty-first": 21}
NINETIES = {f"{word[:-1]}ies": 10 * number for number, word in enumerate(_TENS, 2)}

_KINDS: dict[str, str] = {
    "MONTH": "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec",
    "WEEKDAY": " ".join(WEEKDAYS),
    "WEEKDAYS": " ".join(f"{day}s" for day in WEEKDAYS),
    "SHORTDAY": "mon tue tues wed weds thu thur thurs fri sat sun",
    "ONES": " ".join(_ONES),
    "TEENS": " ".join(_TEENS),
    "TENS": " ".join(_TENS),
    "POWER": " ".join(POWERS),
    "NINETIES": " ".join(NINETIES),
    "ORDINAL": " ".join(ORDINALS),
    "HALF": "half",
    "MANY": "several many few numerous",
    "COUPLE": "couple",
    "DAYWORD": "day",
    "WEEKWORD": "week",
    "YEARWORD": "year",
    "OTHERUNIT": "minute hour month decade",
    "UNITS": "seconds minutes hours days weeks months years decades centuries",
    "WEEKEND": "weekend",
    "WEEKENDS": "weekends",
    "QUARTER": "quarter",
    "QUARTERS": "quarters",
    "PERIOD": "period",
    "TERM": "term",
    "PART": "morning afternoon evening night dawn dusk nightfall daybreak",
    "PARTS": "mornings afternoons evenings nights",
    "NOON": "noon midday midnight",
    "OVERNIGHT": "overnight",
    "SEASON": "spring summer autumn winter fall",
    "SEASONS": "springs summers autumns winters",
    "TODAY": "today yesterday tomorrow",
    "TONIGHT": "tonight",
    "NOW": "now",
    "CURRENT": "current currently nowadays",
    "RECENT": "recent",
    "RECENTLY": "recently lately",
    "SOON": "soon",
    "FUTURE": "future",
    "LAST": "last",
    "PAST": "past",
    "NEXT": "next",
    "COMING": "coming upcoming",
    "PREVIOUS": "previous preceding prior",
    "FOLLOWING": "following subsequent ensuing",
    "LATEST": "latest",
    "THIS": "this",
    "THESE": "these those",
    "THAT": "that",
    "SAME": "same",
    "EVERY": "every each",
    "EARLY": "early late mid",
    "LATER": "later earlier",
    "ALL": "all entire whole full",
    "BEGIN": "beginning start middle",
    "ENDWORD": "end close",
    "YEAREND": "year-end",
    "AGO": "ago",
    "BEFORE": "before",
    "AFTER": "after afterward afterwards",
    "FROM": "from",
    "SINCE": "since",
    "UNTIL": "until till through",
    "BY": "by",
    "IN": "in during within throughout over for",
    "ON": "on",
    "AT": "at",
    "OF": "of",
    "TO": "to",
    "AND": "and",
    "OR": "or",
    "SO": "so",
    "BETWEEN": "between",
    "THE": "the",
    "A": "a an",
    "ITS": "its their our his her",
    "ABOUT": "about around almost nearly roughly approximately some over under barely",
    "MORE": "more less fewer longer",
    "THAN": "than",
    "LEAST": "least most",
    "UP": "up",
    "NO": "no",
    "OTHER": "other additional extra",
    "ANNIVERSARY": "anniversary",
    "OLD": "old olds",
    "LONG": "long",
    "PER": "per",
    "ONCE": "once twice",
    "CENTURY": "century",
    "FISCAL": "fiscal",
    "DAILY": "daily weekly monthly yearly annually hourly nightly",
    "ZONE": "gmt utc est edt cst cdt mst mdt pst pdt cet cest bst et ist local",
    "OCLOCK": "o'clock",
    "EASTER": "easter christmas thanksgiving ramadan nowruz diwali passover hanukkah",
    "GOOD": "good ash palm new boxing election memorial labor labour independence veterans valentine's st",
    "EVE": "eve",
    "EID": "eid",
    "ALFITR": "al-fitr al-adha",
    "MONEY": "million billion trillion percent dollars",
}
"""The kinds and their words, in small letters; the first kind that lists a word has it."""

_SHAPES = (
    ("SPACE", r"\n[^\S\n]*+\n\s*+"),
    ("ISODATE", r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])"),
    ("SLASHED", r"(?<![\w/])\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?![\w/])"),
    ("CLOCK", r"(?<![\w:.])\d{1,2}[:.]\d\d(?::\d\d)?(?=\s?[ap]\.?m\b)|(?<![\w:])\d{1,2}:\d\d(?::\d\d)?(?![\w:])"),
    ("DECADE", r"(?<!\w)(?:1\d|20)?\d0['’]?s\b"),
    ("NTH", r"(?<!\w)\d{1,3}(?:st|nd|rd|th)\b"),
    ("FRACTION", r"(?<!\w)1/2(?![\w/])|½"),
    ("YEARSPAN", r"(?<![\w$€£.,-])(?:1[5-9]|20)\d\d[-–](?:1[5-9]|20)?\d\d(?![\w-])"),
    ("CLOCK24", r"(?<!\w)[0-2]\d[0-5]\d(?=\s?(?:gmt|utc|hours|hrs|local)\b)"),
    ("YEAR", r"(?<![\w$€£.,-])(?:1\d|20)\d\d(?!\w|[,.]\d)"),
    ("DAYNUM", r"(?<![\w$€£.,])(?:[12]\d|3[01]|0?[1-9])(?!\w|[,.]\d|\s?%)"),
    ("FIGURE", r"\d++(?:,\d{3})*+(?:\.\d++)?(?!\w)"),
    ("AMPM", r"(?<=\d)\s?[ap]m\b|[ap]\.\s?m\b\.?"),
    ("GENITIVE", r"['’]s?(?!\w)"),
    ("DASH", r"[-–—]"),
    ("COMMA", r","),
    ("POINT", r"[.!?]"),
    ("QUOTE", r"[\"“”`(\[]"),
    ("WORD", r"o['’]clock\b|year-end\b|al-(?:fitr|adha)\b|valentine['’]s\b|[^\W\d_]+(?=['’]s?(?!\w))|\w+"),
)
_TOKEN = re.compile("|".join(f"(?P<{name}>{shape})" for name, shape in _SHAPES), re.IGNORECASE)

_NAMES = ["OTHERWORD", "NAME", *(name for name, _ in _SHAPES if name != "WORD"), *_KINDS]
CODES = {name: chr(0x4E00 + number) for number, name in enumerate(_NAMES)}
"""A letter for each kind; from a block whose characters mean nothing in a regular expression."""
_KIND_OF = {word: CODES[name] for name, words in reversed(_KINDS.items()) for word in words.split()}
_CAPITAL = frozenset(
    "may march mar jan sat sun mon wed fri sep dec nov jun apr aug good new ash palm st et ist".split()
)
"""Words that mean a time, or begin its name, only with a capital letter: to march, to may."""
_PLAIN, _NAME = CODES["OTHERWORD"], CODES["NAME"]


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of a text, and the kind of each as one character of `kinds`."""

    text: str
    spans: tuple[Span, ...]
    kinds: str

    def word(self, number: int) -> str:
        """A token in small letters."""
        start, end = self.spans[number]
        return self.text[start:end].lower().replace("’", "'")

    def words(self, first: int, last: int) -> tuple[str, ...]:
        """The tokens from the first up to before the last."""
        return tuple(self.word(number) for number in range(first, last))

    def span(self, first: int, last: int) -> Span:
        """Where the tokens from the first up to before the last stand in the text."""
        return self.spans[first][0], self.spans[last - 1][1]


def line_of(text: str) -> Line:
    """The text as a line of word kinds."""
    spans, kinds = [], []
    for match in _TOKEN.finditer(text):
        shape = match.lastgroup or ""
        spans.append(match.span())
        kinds.append(_kind(match[0]) if shape == "WORD" else CODES[shape])
    return Line(text, tuple(spans), "".join(kinds))


def _kind(word: str) -> str:
    lower = word.lower()
    kind = _KIND_OF.get(lower)
    if kind is None or (lower in _CAPITAL and not word[0].isupper()):
        return _NAME if word[0].isupper() else _PLAIN
    return kind
