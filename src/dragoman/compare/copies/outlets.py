"""The outlets that a report names: as the agency it is taken from, or as the one who reported what it tells.

Invariant: `text[start:end]` of a mention's span is its words. An outlet is named by its own words or initials only;
which of several it is ("the Tribune") is left open here, and settled by what their reports tell.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dragoman.ledger.folding import fold
from dragoman.records import Report, Span

GENERIC = frozenset(
    "the of and a for news agency press radio daily station newspaper paper online tv television broadcasting service "
    "ministry state national local".split()
)
"""Words that name no outlet alone."""

AGENCIES = frozenset({"agencies", "wire", "wires", "wire reports", "wire services", "agency"})
"""Tags that say a report is taken from agencies, without saying which."""

_NAME = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’&.-]{0,30}(?:[ \t]+(?:of[ \t]+)?(?:[^\W\d_a-zß-öø-ÿ]|\d)[\w'’&.-]{0,30}){0,5})"
_DASH = r"[-–—]{1,2}"
_TAGS = re.compile(
    rf"\A[^\n]{{0,120}}?\((?P<dateline>[^()\n]{{2,40}})\)[ \t]*(?:{_DASH}|[.:])"  # DORVANE, March 4 (Norda) -
    rf"|\A(?P<head>{_NAME})[ \t]+{_DASH}[ \t]"  # Norda -
    rf"|^(?i:by|sources?:|from|reported by|as reported by)[ \t]+(?:the )?(?P<byline>{_NAME})[ \t]*\.?$"
    rf"|\((?i:reported by[ \t]+|source:[ \t]+)?(?P<foot>[^()\n]{{2,40}})\)\W*\Z"  # (Norda) at the end
    rf"|{_DASH}[ \t]*(?P<last>{_NAME})\W*\Z",  # - Norda
    re.MULTILINE,
)
_CITED = re.compile(
    r"(?:\b(?:[Aa]ccording to|[Cc]iting|[Qq]uoting|[Rr]eport(?:s|ed)? (?:by|in|from|on)|[Ss]tory in)[ \t]+"
    rf"(?:the |a report (?:by|in) (?:the )?|(?:news )?agency |newspaper |broadcaster |station )*(?P<after>{_NAME}))"
    rf"|(?P<before>{_NAME})(?:,[ \t][^,.;\n]{{1,80}}(?:,[^,.;\n]{{1,80}})?,)?[ \t]+(?:has |had )?"
    r"(?:also |further |later |first )?(?:report(?:s|ed)|says?|said|writes|wrote|quot(?:es|ed)|put)\b"
)
_EDGE = 400
"""Characters at the start and end of a report where agency tags are looked for: a dateline, or a last line."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An outlet named in a report: the words with what makes them a tag or a citation, where they stand, the outlets
    that go by that name, folded; none where a tag says no more than "agencies"."""

    span: Span
    words: str
    outlets: frozenset[str]


class Outlets:
    """The outlets of some reports, found by their words or initials."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_word: defaultdict[str, set[str]] = defaultdict(set)
        for name in sorted({fold(name) for name in names} - {""}):
            for word in {*_parts(name), _initials(name)}:
                self._by_word[word].add(name)

    def named(self, name: str) -> frozenset[str]:
        """The outlets that have every word of a name, one of them their own; folded."""
        words = [word for word in _parts(name) if word not in ("the", "a")]
        if all(word in GENERIC or word.isdigit() for word in words):
            return frozenset()
        found = [self._by_word.get(word, set()) for word in words]
        return frozenset(set.intersection(*found))

    def tags(self, report: Report) -> list[Mention]:
        """Where a report says which agency it is taken from; an agency's own dateline is one, too."""
        return list(self._tags(report.text))

    def cited(self, report: Report) -> Iterator[Mention]:
        """Where a report hands what it tells to an outlet, in order; its own name is none."""
        own = fold(report.outlet or "")
        for match in _CITED.finditer(report.text):
            if outlets := self.named(match["after"] or match["before"]) - {own}:
                yield Mention(match.span(), match[0], outlets)

    def _tags(self, text: str) -> Iterator[Mention]:
        beyond = max(len(text) - _EDGE, 0)
        parts = [(0, text)] if beyond <= _EDGE else [(0, text[:_EDGE]), (beyond, text[beyond:])]
        for start, part in parts:
            for match in _TAGS.finditer(part):
                # The start of the last part is no start of the text, nor the end of the first its end.
                kind = match.lastgroup or ""
                if (start and kind in ("dateline", "head")) or (len(parts) == 2 and not start and kind in _LAST):
                    continue
                outlets = self.named(match[kind])
                if outlets or fold(match[kind]) in AGENCIES:
                    first, last = match.span() if kind == "byline" else match.span(kind)
                    yield Mention((start + first, start + last), part[first:last], outlets)


_LAST = ("foot", "last")


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(re.sub(r"['’]s\b", "", name)))


def _initials(name: str) -> str:
    """The initials of two words or more, but for the small ones: QA of Quillon Agency."""
    letters = [word[0] for word in _parts(name) if word not in ("the", "of", "and", "for", "a")]
    return "".join(letters) if len(letters) > 1 else ""
