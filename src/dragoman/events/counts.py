"""How many people: `at least 11 people`, `killed some 40`, `two dozen wounded`, with kind and bound.

Invariant: a count is made only of a number that stands beside a word of its kind, never of a bare number; where
the words leave a doubt (a range, a year, a distance, the doers of the deed) there is none.
"""

from __future__ import annotations

import re

from dragoman.records import Count, Span, touch

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000}
_LONGEST_FIRST = "|".join(sorted(_UNITS, key=len, reverse=True))
_WORD = f"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[:9])}))?|{_LONGEST_FIRST})"
# What shows that a number counts something else: 12-year-old, 1.5 million, 7 October, 10 pm, 200 metres, 30 to 40.
_OTHERWISE = (
    r"(?![\w,.]*\d|\s?%|-\w|\s(?:million|billion|per ?cent|percent|of them)\b|\s?(?:am|pm|a\.m|p\.m)\b"
    r"|\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|[\s-](?:years?|days?|weeks?|months?|hours?|minutes?|seconds?|times|kilomet\w+|met(?:re|er)s|miles|km)\b"
    rf"|\s?(?:-|–|to|or)\s?(?:\d|{_WORD}\b))"
)
_NUMBER = (
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,6}}|{_WORD}(?: hundred(?: and {_WORD})?| dozen| thousand)?"
    rf"|an? (?:hundred|dozen|thousand))\b{_OTHERWISE}"
)
_BOUND = (
    r"(?:(?P<least>at least|more than|over|no fewer than|not less than|upwards of)"
    r"|(?P<most>at most|no more than|up to|as many as|fewer than|less than|under)"
    r"|(?P<about>about|around|some|nearly|almost|roughly|approximately|close to|an estimated))"
)
_BEFORE = r"(?<![\w,.-])(?<!\d to )(?<!\d or )(?<!\bno )(?<!\bnot )(?<!\bin )(?<!since )(?<!until )(?<!\bby )(?<!from )"
# The people between the number and what befell them; `11 of the 40 hostages` are eleven.
_PEOPLE = (
    rf"(?:\s+of(?:\s+the(?:ir|se)?)?\s+(?:\d+|{_WORD}))?"
    r"(?:\s+(?!(?:and|or|were|was|had|have|has|who|said|says|say|told|tell|later|ago|after|before|a|an|the"
    rf"|{_WORD})\b|\d)[\w’'-]+){{0,5}}?"
)
_WERE = r"(?:(?:have|has|had|been|were|was|are|is|left|also|reported|feared|confirmed)\s+)+"
# An object after the verb: those before it did it.
_NO_OBJECT = rf"(?!\s+(?:\d|an?\b|the\b|his\b|her\b|its\b|their\b|at least\b|more than\b|some\b|{_WORD}\b|(?-i:[A-Z])))"
_KINDS = {
    "killed": r"kill(?:ed|ing|s)?|dead|died|deaths|die|slain|shot dead|lost their lives|executed|massacred|murdered",
    "wounded": r"wound(?:ed|ing|s)?|injur(?:ed|ing|ies|es?)|hurt",
    "arrested": r"arrest(?:ed|ing|s)?|detain(?:ed|ing|s)?|being held|rounded up|taken into custody|jailed",
    "displaced": r"displac(?:ed|ing|es?)|fled|driven from their homes|evacuated|flee",
    "kidnapped": r"kidnap(?:ped|ping|s)?|abduct(?:ed|ing|s)?|taken hostage|seized as hostages",
    "deployed": r"deploy(?:ed|ing|s)?|mobili[sz]ed|sent in",
    "missing": r"missing|unaccounted for",
}
_TYPES = {
    "killed": ("ASSAULT",),
    "wounded": ("ASSAULT",),
    "arrested": ("COERCE",),
    "displaced": ("ASSAULT", "COERCE"),
    "kidnapped": ("ASSAULT",),
    "deployed": ("MOBILIZE",),
    "missing": ("ASSAULT",),
}
# The death toll rose to 31; put the toll at eight.
_TOLL = rf"\btoll\b(?:\s+[\w’'-]+){{0,4}}?\s+(?:to|at|of|is|was|reached)\s+(?:{_BOUND}\s+)?{_NUMBER}"
_FORMS = {
    kind: tuple(
        re.compile(form, re.IGNORECASE)
        for form in (
            # at least 11 people were killed; 11 dead; 40 others injured
            rf"{_BEFORE}(?:{_BOUND}\s+)?{_NUMBER}{_PEOPLE}\s+(?:{_WERE}(?:{words})\b|(?:{words})\b{_NO_OBJECT})",
            # killed at least 11 people; wounding 40; arrest of 12
            rf"\b(?:{words})(?:\s+of)?\s+(?:{_BOUND}\s+)?{_NUMBER}",
            *([_TOLL] if kind == "killed" else []),
        )
    )
    for kind, words in _KINDS.items()
}
_ANY = re.compile(rf"\b(?:toll|{'|'.join(_KINDS.values())})\b", re.IGNORECASE)  # most sentences have none
_FORCES = re.compile(
    r"\b(?:troops|soldiers|m[ae]n|wom[ae]n|people|police\w*|officers|fighters|personnel|guards|marines|reservists"
    r"|peacekeepers|observers|agents|militia\w*|conscripts)\b",
    re.IGNORECASE,
)


def counts_in(text: str, sentence: Span) -> list[Count]:
    """Every count in a sentence, in its order; of two of one kind that overlap, the first found."""
    found: list[Count] = []
    if not _ANY.search(text, *sentence):
        return found
    for kind, forms in _FORMS.items():
        for form in forms:
            for match in form.finditer(text, *sentence):
                count = _count(kind, match)
                if count and not any(touch(count.span, c.span) and c.kind == kind for c in found):
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
    for word in said.replace(" and ", " ").split():
        if word in _UNITS:
            total += _UNITS.index(word) + 1
        elif word in _TENS:
            total += 10 * (_TENS.index(word) + 2)
        elif word in ("a", "an"):
            total += 1
        elif word in _SCALES:
            total = max(total, 1) * _SCALES[word]
        else:
            return None
    return total or None


def _count(kind: str, match: re.Match[str]) -> Count | None:
    value = number(match["number"])
    bound = next((b for b in ("least", "most", "about") if match[b]), None)
    is_year = bound is None and match["number"].isdigit() and 1900 <= int(match["number"]) < 2100
    if value is None or is_year or (kind == "deployed" and not _of_forces(match)):
        return None
    return Count(
        kind=kind,
        value=value,
        bound={"least": "at_least", "most": "at_most", "about": "about", None: "exact"}[bound],
        span=(match.start(bound) if bound else match.start("number"), match.end("number")),
    )


def _of_forces(match: re.Match[str]) -> bool:
    """Whether people are deployed, and not tanks: the words between or the next four name them."""
    following = match.string[match.end("number") : match.end() + 60]
    return bool(_FORCES.search(" ".join(following.split()[:6])))
