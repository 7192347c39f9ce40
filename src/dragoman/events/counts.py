"""How many people: `at least 11 people`, `killed some 40`, `two dozen wounded`, with kind and bound.

Invariant: a count is made only of a number that stands beside a word of its kind, never of a bare number.
"""

from __future__ import annotations

import re

from dragoman.records import Count, Span

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORD = (
    f"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[:9])}))?|{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
)
NUMBER = rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+|{_WORD}(?: hundred| dozen| thousand)?|an? (?:hundred|dozen|thousand))"
_BOUND = (
    r"(?:(?P<least>at least|more than|over|no fewer than|not less than|upwards of)"
    r"|(?P<most>at most|no more than|up to|as many as|fewer than|less than|under)"
    r"|(?P<about>about|around|some|nearly|almost|roughly|approximately|close to|an estimated))"
)
_PEOPLE = r"(?:\s+(?!and\b|or\b|were\b|was\b|had\b|have\b|people have\b)[\w’'-]+){0,5}?"
_WERE = r"(?:(?:have|has|had)\s+)?(?:(?:been|were|was|are|is|left|also|reported|feared|confirmed)\s+)*"
_MEASURE = r"\s+(?:years?|days?|weeks?|months?|hours?|times|kilometres|miles|km)\b"
_NO_YEAR = r"(?<!\bin )(?<!since )(?<!until )(?<!\bby )(?<!from )"
_KINDS = {
    "killed": r"kill(?:ed|ing|s)?|dead|died|deaths?|die|slain|shot dead|lost their lives|executed|massacred|murdered",
    "wounded": r"wound(?:ed|ing|s)?|injur(?:ed|ing|ies|es?)|hurt",
    "arrested": r"arrest(?:ed|ing|s)?|detain(?:ed|ing|s)?|being held|rounded up|taken into custody|jailed",
    "displaced": r"displac(?:ed|ing|es?)|fled|driven from their homes|evacuated|flee",
    "kidnapped": r"kidnap(?:ped|ping|s)?|abduct(?:ed|ing|s)?|taken hostage|seized as hostages",
    "deployed": r"deploy(?:ed|ing|s)?|mobili[sz]ed|sent in",
    "missing": r"missing|unaccounted for",
}
_TYPES = {
    "killed": ("ASSAULT",), "wounded": ("ASSAULT",), "arrested": ("COERCE",), "displaced": ("ASSAULT", "COERCE"),
    "kidnapped": ("ASSAULT",), "deployed": ("MOBILIZE",), "missing": ("ASSAULT",),
}  # fmt: skip
_FORMS = {
    kind: tuple(
        re.compile(form, re.IGNORECASE)
        for form in (
            # at least 11 people were killed; 11 dead; 40 others injured
            rf"(?<![\w,.-]){_NO_YEAR}(?:{_BOUND}\s+)?{NUMBER}(?![\w,.%-]*\d|%){_PEOPLE}\s+{_WERE}(?:{words})\b",
            # killed at least 11 people; wounding 40; arrest of 12
            rf"\b(?:{words})(?:\s+of)?\s+(?:{_BOUND}\s+)?{NUMBER}\b(?!%|{_MEASURE})",
        )
    )
    for kind, words in _KINDS.items()
}  # fmt: skip


def counts_in(text: str, sentence: Span) -> list[Count]:
    """Every count in a sentence, in its order; of two of one kind that overlap, the first found."""
    found: list[Count] = []
    for kind, forms in _FORMS.items():
        for form in forms:
            for match in form.finditer(text, *sentence):
                count = _count(kind, match)
                if count and not any(_overlap(count.span, c.span) and c.kind == kind for c in found):
                    found.append(count)
    return sorted(found, key=lambda count: count.span)


def belongs(count: Count, type: str) -> bool:
    """Whether events of a type have counts of this kind."""
    return type in _TYPES[count.kind]


def number(words: str) -> int | None:
    """The number that figures or words tell: 1,200; forty-two; two dozen. None for other words."""
    said = words.casefold().replace(",", "").replace("-", " ")
    if said.isdigit():
        return int(said)
    total = 0
    for word in said.split():
        if word in _UNITS:
            total += _UNITS.index(word) + 1
        elif word in _TENS:
            total += 10 * (_TENS.index(word) + 2)
        elif word in ("a", "an"):
            total += 1
        elif word in ("dozen", "hundred", "thousand"):
            total = max(total, 1) * {"dozen": 12, "hundred": 100, "thousand": 1000}[word]
        else:
            return None
    return total or None


def _count(kind: str, match: re.Match[str]) -> Count | None:
    value = number(match["number"])
    if value is None:
        return None
    bound = next((b for b in ("least", "most", "about") if match[b]), None)
    start = match.start(bound) if bound else match.start("number")
    return Count(
        kind=kind,
        value=value,
        bound={"least": "at_least", "most": "at_most", "about": "about", None: "exact"}[bound],
        span=(start, match.end("number")),
    )


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
