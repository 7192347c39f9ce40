"""Numbers in words and figures, as exact as they are told: `at least nine`, `30 to 40`, `dozens`, `1.2 million`.

Invariant: a vague number keeps its range (dozens: 24 to 99), and nothing is read that counts years, money or miles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.records import Span

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000, "million": 1_000_000}
# What vague words mean, as event-data projects read them: at least two of the unit, less than two of the next one.
_VAGUE = {
    "a couple": (2, 2),
    "several": (3, 9),
    "a few": (3, 9),
    "a handful": (3, 9),
    "dozens": (24, 99),
    "scores": (40, 99),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    "millions": (2_000_000, 9_999_999),
}
_LONGEST_FIRST = "|".join(sorted(_UNITS, key=len, reverse=True))
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[:9])})\b)?|{_LONGEST_FIRST})"
_SCALE = r"(?:dozen|score|hundred|thousand|million)"
_WORDS = (
    rf"(?:(?:{_SMALL}(?: and a half)?|an?|half a)(?:[ -]{_SCALE}\b){{1,2}}(?: and (?:a half|{_SMALL})\b)?"
    rf"(?: {_SMALL}\b)?|{_SMALL})"
)
_GROUPS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)"
_FIGURES = rf"(?:{_GROUPS}|\d{{1,9}})(?:\.\d+(?= (?:million|thousand)))?(?: {_SCALE}\b)?"
_ONE = rf"(?:{_FIGURES}|\b{_WORDS}\b)"
_LOOSE = (
    r"\b(?:tens of thousands|hundreds of thousands|(?:several|a few|many) (?:dozen|hundred|thousand|million)|"
    r"a couple|"
    r"several|a few|a handful|dozens|scores|hundreds|thousands|millions)\b"
)
_BOUND = (
    r"\b(?:(?P<least>at least|more than|over|no fewer than|no less than|not less than|upwards of|in excess of|"
    r"well over|"
    r"a minimum of)"
    r"|(?P<most>at most|no more than|up to|as many as|fewer than|less than|under|not more than|a maximum of)"
    r"|(?P<about>about|around|some|nearly|almost|roughly|approximately|close to|an estimated|an average of|perhaps))"
)
_RANGE = (
    rf"between (?P<from>{_ONE}) and (?P<until>{_ONE})|(?P<from2>{_ONE})(?: (?:to|or) |"
    rf" ?[-–] ?(?=\d))(?P<until2>{_ONE})"
)
_MORE = r"(?P<more> or more\b| or so\b)?"
_NUMBER = (
    rf"(?P<loose>{_LOOSE})|{_RANGE}|(?P<one>{_ONE}){_MORE}|(?P<none>\bno one\b|\bnobody\b|\bno\b|\bnone\b|"
    rf"\bwithout\b)"
)
_ANOTHER = r"(?:another |a further |an additional |the other |other )?"
_FORM = re.compile(rf"(?<![\w.,$€£-])(?:{_BOUND} )?(?:{_ANOTHER})(?:{_NUMBER})|\b(?P<article>an?)\b", re.IGNORECASE)
# What shows that a number counts something else: 12-year-old, 40 per cent, 7 October, 10 pm, 200 metres.
_OTHERWISE = re.compile(
    r"[\w,.]*\d|\s?%|-\w|\s(?:billion|trillion|per ?cent|percent|percentage)\b"
    r"|\s?(?:am|pm|a\.m|p\.m|GMT|km|kg|mph|kph)\b|(?:st|nd|rd|th)\b"
    r"|\s(?:in|out of)\s(?:every\s)?(?:three|four|five|ten|hundred)\b"
    r"|\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|[\s-](?:more )?(?:years?|days?|weeks?|months?|hours?|minutes?|seconds?|decades?|times|nights?|kilomet\w+|"
    r"met(?:re|er)s?|"
    r"miles?|feet|acres|hectares|tons|tonnes|kilos?|kilograms?|dollars|euros|pounds|rupees|degrees|rounds|points)\b",
    re.IGNORECASE,
)
_NO_COUNT_BEFORE = re.compile(
    r"(?:[$€£#]|\b(?:since|until|aged?|in|by|No\.|number|page|chapter|article|day|GMT))\s?\Z", re.I
)
_CHANGED = re.compile(
    r"\b(?:rose|risen|rises|rising|climbed|increased|jumped|raised|revised|went|up|fell|down)\b(?: \w+){0,3} from \Z",
    re.I,
)
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Number:
    """A number between `low` and `high` (None: open), with its bound as in codes.yaml and all its words."""

    low: int | None
    high: int | None
    bound: str
    span: Span
    article: bool = False


def numbers_in(text: str, span: Span) -> Iterator[Number]:
    """The numbers in a stretch of text that may count people, in its order; `a` and `an` among them."""
    for match in _FORM.finditer(text, *span):
        if _OTHERWISE.match(text, match.end(), span[1]):
            continue
        plain = match["one"] and not (match["least"] or match["most"] or match["about"])
        if plain and _NO_COUNT_BEFORE.search(text, max(span[0], match.start() - 10), match.start()):
            continue
        if plain and match["one"].isdigit() and int(match["one"]) in _YEARS:
            continue
        if match["until2"] and _CHANGED.search(text, max(span[0], match.start() - 40), match.start()):
            now = value(match["until2"])  # rose from 12 to 15
            yield Number(now, now, "exact", match.span("until2"))
        elif (number := _number(match)) is not None:
            yield number


def value(words: str) -> int | None:
    """The one number that figures or words tell: 1,200; 1.2 million; forty-two; two dozen. None for other words."""
    said = re.sub(r"(?<=\d)[,\u00a0\u202f ](?=\d{3})", "", words.casefold())
    if re.fullmatch(r"[\d.]+( \w+)?", said):
        figures, _, scale = said.partition(" ")
        return round(float(figures) * _SCALES.get(scale, 1)) if scale in ("", *_SCALES) else None
    total, part, last = 0.0, 0.0, 1
    for word in said.replace("-", " ").replace("and a half", "half").split():
        if word in _UNITS:
            part += _UNITS.index(word) + 1
        elif word in _TENS:
            part += 10 * (_TENS.index(word) + 2)
        elif word == "half":  # half a million, two and a half million; a million and a half
            total, part = (total + last / 2, part) if last > 1 else (total, part + 0.5)
        elif word in _SCALES:
            last = _SCALES[word]
            part = (part or 1) * last
            total, part = (total + part, 0.0) if last > 100 else (total, part)
        elif word not in ("and", "a", "an"):
            return None
    return round(total + part) or (1 if said in ("a", "an") else None)


def _number(match: re.Match[str]) -> Number | None:
    span = match.span()
    if match["none"]:
        return Number(0, 0, "exact", span)
    if match["article"]:
        return Number(1, 1, "exact", span, article=True)
    if match["loose"]:
        return _vague(match["loose"], match, span)
    first, last = match["from"] or match["from2"], match["until"] or match["until2"]
    if first and last:
        low, high = value(first), value(last)
        scale = re.search(rf" {_SCALE}\Z", last, re.I)  # two to three thousand
        if low is not None and high is not None and low < high and scale and low < 1000 <= high:
            low *= _SCALES[scale[0].strip().casefold()]
        return Number(low, high, "range", span) if low is not None and high is not None and low < high else None
    one = value(match["one"])
    if not one:
        return None
    if match["least"] or (match["more"] or "").endswith("more"):
        return Number(one, None, "at_least", span)
    if match["most"]:
        return Number(None, one, "at_most", span)
    return Number(one, one, "about" if match["about"] or match["more"] else "exact", span)


def _vague(words: str, match: re.Match[str], span: Span) -> Number:
    said = words.casefold()
    if said in _VAGUE:
        low, high = _VAGUE[said]
    else:
        scale = _SCALES[said.split()[-1]]
        low, high = 3 * scale, 9 * scale
        if said.startswith("many"):
            return Number(low, None, "at_least", span)
    if match["least"]:
        return Number(low, None, "at_least", span)
    if match["most"]:
        return Number(None, high, "at_most", span)
    return Number(low, high, "about", span)
