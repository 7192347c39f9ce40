"""What the reports of a happening rest on: chains of evidence, each of which ends in one source.

Invariant: the same wire, document, or source told in the same words is one chain, and so is an outlet that cites
another. Where nobody can be told who vouches, a chain is known to nobody and is not counted as independent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dragoman.compare.contradictions import Member
from dragoman.compare.speaking import is_own, outlet_key, outlet_words, words_of
from dragoman.compare.telling import quotes_at
from dragoman.compare.ties import root, tie
from dragoman.compare.words import Words, names_in, stems
from dragoman.ledger.folding import fold
from dragoman.quotations import quoted
from dragoman.records import Attribution, Reading

Copies = Mapping[str, str]
"""The id of the report that a report copies, by the id of the copy."""

SPEECH = frozenset("AGREE CONSULT SUPPORT CONCEDE REQUEST ACCUSE REJECT THREATEN SANCTION".split())
"""Acts that are done by saying so: the word of who did it is the act's own."""
RELAYS = 0.3
"""Share of a report's sources that are outlets from which it only relays: whom they name it has not asked itself."""

_DOCUMENTS = stems("statement report notice communique document note text broadcast bulletin")
_RANKS = stems("main largest biggest leading chief principal")
_THROUGH = re.compile(r"\b(?:interviewed|quoted|cited) by (?P<outlet>.+)")
_GENERIC = stems("paper newspaper station radio agency broadcaster magazine")


@dataclass(frozen=True, slots=True)
class Chain:
    """Reports whose word rests on one source in the end, and what links them.

    `known` is False when nobody can be told who vouches: such a chain is not counted as independent.
    """

    reports: tuple[str, ...]
    sources: tuple[str, ...]
    links: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class _Origin:
    """Whom a report names for its word: the words, their stems, the names among them."""

    words: str
    stems: Words
    names: Words
    kind: str


@dataclass(frozen=True, slots=True)
class _Telling:
    """What a report of a happening rests on: `origins` of its first attributed telling; none for its own voice.

    `cited` are the outlets it names anywhere; `doers` who did an act of speech that it tells; `seen_anew` says that it
    tells what goes on, which an outlet may see again for itself.
    """

    report: str
    published: str
    outlet: str | None
    key: str
    own: Words
    origins: tuple[_Origin, ...]
    cited: tuple[_Origin, ...]
    doers: tuple[_Origin, ...]
    quotes: Words
    known: Words
    seen_anew: bool


def chains(members: Sequence[Member], copies: Copies | None = None) -> tuple[Chain, ...]:
    """The reports of a happening, grouped by what they rest on in the end."""
    by: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        by[member.told.report].append(member)
    tellings = [_telling(by[report]) for report in sorted(by)]
    everybody = _Everybody(tellings)
    tied = list(range(len(tellings)))
    links: list[tuple[int, str]] = []
    for (n, one), (k, other) in combinations(enumerate(tellings), 2):
        if link := _link(one, other, everybody, copies or {}):
            links.append((n, link))
            tie(tied, n, k)
    found: defaultdict[int, list[_Telling]] = defaultdict(list)
    why: defaultdict[int, list[str]] = defaultdict(list)
    for n, telling in enumerate(tellings):
        found[root(tied, n)].append(telling)
    for n, link in links:
        why[root(tied, n)].append(link)
    return tuple(_chain(group, why[first]) for first, group in found.items())


def _chain(tellings: Sequence[_Telling], links: Sequence[str]) -> Chain:
    named = [origin.words for telling in tellings for origin in telling.origins]
    own = [telling.outlet for telling in tellings if not telling.origins and telling.outlet]
    sources = tuple(dict.fromkeys([*named, *own]))
    return Chain(tuple(t.report for t in tellings), sources, tuple(dict.fromkeys(links)), known=bool(sources))


class _Everybody:
    """The tellings of a happening, with what depends on all of them."""

    def __init__(self, tellings: Sequence[_Telling]) -> None:
        self._of: defaultdict[Words, list[_Telling]] = defaultdict(list)
        for telling in tellings:
            self._of[telling.own].append(telling)
        self._ends = {telling.report: self._not_here(_vouching(telling)) for telling in tellings}

    def ends(self, telling: _Telling) -> list[_Origin]:
        """Those who vouch for a telling, but for outlets whose own reports are there."""
        return self._ends[telling.report]

    def is_latest(self, cited: _Telling, by: _Telling) -> bool:
        """Whether a report is the last that its outlet had published when the other cited it."""
        its = [telling for telling in self._of[cited.own] if telling is not by]
        before = [telling for telling in its if telling.published <= by.published] or its
        return cited in before and cited.published == max(telling.published for telling in before)

    def _not_here(self, origins: Iterable[_Origin]) -> list[_Origin]:
        return [origin for origin in origins if not any(_is_outlet(origin, outlet) for outlet in self._of)]


def _link(one: _Telling, other: _Telling, everybody: _Everybody, copies: Copies) -> str | None:
    """What makes two reports one chain, in words; None when nothing does."""
    if original_of(one.report, copies) == original_of(other.report, copies):
        return "one report copies the other"
    if one.key and one.key == other.key and any(not (t.origins or t.seen_anew) for t in (one, other)):
        return f"the outlet repeats itself: {one.outlet}"
    if quotes := one.quotes & other.quotes:
        return f"same words quoted: {min(quotes)}"
    for first, second in ((one, other), (other, one)):
        for origin in first.origins or [cited for cited in first.cited if cited.kind == "outlet"]:
            if _is_outlet(origin, second.own, first.known) and everybody.is_latest(second, first):
                return f"cites the other: {origin.words}"
        for origin in first.doers:
            if not first.origins and not second.origins and _is_outlet(origin, second.own):
                return f"the word of the other: {origin.words}"
    for a in everybody.ends(one):
        for b in everybody.ends(other):
            if _same(a, b):
                return f"same source: {a.words}"
    return None


def _vouching(telling: _Telling) -> Sequence[_Origin]:
    """Its sources; of the outlet's own voice the documents it cites."""
    return telling.origins or [
        origin for origin in telling.cited if origin.kind == "document" and _bare(origin.stems) <= origin.stems
    ]


def _is_outlet(origin: _Origin, outlet: Words, known: Words | None = None) -> bool:
    """Whether words name an outlet, or the body that issued the other report: `the ministry`, `Norda news agency`.

    A body that is named in part is another where a report of the words `known` has nothing of the rest of its name.
    """
    if not outlet or outlet <= origin.stems:
        return bool(outlet)
    rest = outlet - origin.stems
    elsewhere = known is not None and origin.kind != "outlet" and rest and not rest & known
    return _bare(origin.stems) <= outlet and not elsewhere


def _bare(words: Words) -> Words:
    """The words without those for a document; `-` for none, which is in no name."""
    return words - _DOCUMENTS or frozenset("-")


def _same(one: _Origin, other: _Origin) -> bool:
    """A shared name, two documents that may be one, or an unnamed source all of whose words the other has."""
    if one.names and other.names:
        return one.names <= other.names or other.names <= one.names
    if one.kind == other.kind == "document":
        return True
    few, many = sorted((one, other), key=lambda origin: (bool(origin.names), len(origin.stems)))
    bare = few.stems - _RANKS
    return not few.names and len(bare) > 1 and bare <= many.stems


def _telling(members: Sequence[Member]) -> _Telling:
    first = min(members, key=lambda m: (m.event.attribution is None, m.event.trigger))
    reading, own = first.reading, frozenset(outlet_words(first.reading.report.outlet))
    found = [origin for said in reading.around(first.event.attribution) for origin in _of(reading, said)]
    origins = [origin for origin in found if not _is_outlet(origin, own)]
    cited = tuple(o for a in reading.attributions for o in _of(reading, a) if not _is_outlet(o, own))
    outlets = [origin for origin in cited if origin.kind == "outlet"]
    if origins and len(outlets) >= RELAYS * len(cited):
        origins += outlets
    doers = [
        _Origin(party.words, party.stems, party.names, "")
        for m in members
        if m.event.type in SPEECH and m.event.attribution is None
        for party in m.told.actors
        if len(party.stems) > 1 or not party.names  # a country's name is no body's
    ]
    return _Telling(
        report=reading.report.id,
        published=reading.report.published or "",
        outlet=reading.report.outlet,
        key=outlet_key(reading.report.outlet),
        own=own,
        origins=tuple(origins),
        cited=cited,
        doers=tuple(doers),
        quotes=frozenset(quote for m in members for quote in _quotes(m)),
        known=frozenset(first.told.about),
        seen_anew=first.event.status == "ongoing",
    )


def _quotes(member: Member) -> Words:
    """What is quoted in the sentence of the telling, or follows it at once: `threatened retaliation. "For every...`."""
    start, end = member.sentence
    text = member.reading.report.text
    return quotes_at(text, quoted(text), (start, end + 1))


def _of(reading: Reading, said: Attribution) -> Iterator[_Origin]:
    """The source of an attribution, and the outlet it told it to; `we` and `the paper` name no source."""
    words = words_of(reading, said)
    if is_own(words) or fold(words) == "it" or (stems(words) and stems(words) <= _GENERIC):
        words = ""
    entity = reading.entity(said.entity)
    name = f"{entity.name} {entity.canonical or ''}" if entity and entity.type in ("person", "outlet") else ""
    if words:
        kind = "outlet" if entity and entity.type == "outlet" else said.kind
        yield _Origin(words, stems(f"{words} {name}"), names_in(name) or names_in(words), kind)
    if through := _THROUGH.search(words):
        yield _Origin(through["outlet"], stems(through["outlet"]), names_in(through["outlet"]), "outlet")
    told_to = reading.words(said.addressee) if said.addressee else ""
    if names_in(told_to):
        yield _Origin(told_to, stems(told_to), names_in(told_to), "outlet")


def original_of(report: str, copies: Copies) -> str:
    seen = {report}
    while (above := copies.get(report)) is not None and above not in seen:
        seen.add(above)
        report = above
    return report
