"""A happening as its page shows it: tellings with their sentences, chains of evidence, disputes, tolls over time.

Invariant: every statement has the words that carry it, whose word it is, and the report with the place of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dragoman.compare.chains import Chain, original_of
from dragoman.compare.contradictions import Claim, Contradiction, Member, Toll
from dragoman.compare.grades import Grade, Graded
from dragoman.compare.judge import Judgement
from dragoman.compare.summaries import HappeningRow, row_of
from dragoman.ledger.ids import mark_id
from dragoman.records import Attribution, Event, Report, Span
from dragoman.show import wording
from dragoman.show.sentences import sentence
from dragoman.show.tolls import Chart, charts

MOST = 100
"""Reports whose tellings are shown: the happenings of the sample have 14 at most."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One event of the happening: its sentence as `before`, `words`, `after`, and who says so.

    `voice` is None where the outlet itself tells it; `more` are other tellings of the same report, `same` reports that
    have all of these sentences from it. A copy (`copied`) that has others is shown with those.
    """

    id: str
    report: Report
    event: Event
    before: str
    words: str
    after: str
    voice: str | None
    said: Attribution | None
    letter: Grade
    counts: tuple[str, ...]
    place: str | None
    when: str
    copied: str | None
    more: tuple[Telling, ...] = ()
    same: tuple[Telling, ...] = ()

    @property
    def sentence(self) -> str:
        """Its sentence, whatever the white space."""
        return " ".join(f"{self.before}{self.words}{self.after}".split())

    @property
    def anchor(self) -> str:
        """Where its words stand in its report's page."""
        return f"words-{self.event.id}"


@dataclass(frozen=True, slots=True)
class InChain:
    """A report in a chain of evidence, with those that copy it."""

    report: Report
    event: str
    copies: tuple[InChain, ...]


@dataclass(frozen=True, slots=True)
class ChainShown:
    """A chain of evidence: whom it rests on, why its reports are one chain, the reports."""

    chain: Chain
    reports: tuple[InChain, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A claim in its sentence, which is `before`, the claim's words and `after`."""

    claim: Claim
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contradiction: the first claim of each voice of each outlet, and how well it is borne out."""

    claims: tuple[Said, ...]
    grade: Grade


@dataclass(frozen=True, slots=True)
class Dispute:
    """Both sides of a contradiction."""

    contradiction: Contradiction
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Join:
    """Why an event was taken for another telling of the same: the two, and the judgement with its features."""

    one: Telling
    other: Telling
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class HappeningPage:
    """What the page of a happening shows; `left_out` counts reports beyond the first `MOST`."""

    row: HappeningRow
    number: Grade
    tellings: tuple[Telling, ...]
    left_out: int
    chains: tuple[ChainShown, ...]
    disputes: tuple[Dispute, ...]
    charts: tuple[Chart, ...]
    joins: tuple[Join, ...]


def happening_page(graded: Graded) -> HappeningPage:
    """The page of a happening with its grades."""
    one = graded.happening
    shown = frozenset(one.reports[:MOST])
    texts = {member.told.report: member.reading.report.text for member in one.members}
    tellings = {m.told.key: _telling(m, graded) for m in one.members if m.told.report in shown}
    return HappeningPage(
        row=row_of(one),
        number=graded.number,
        tellings=tuple(_by_report(tellings.values())),
        left_out=len(one.reports) - len(shown),
        chains=tuple(_chains(one.chains, one.members, one.copies)),
        disputes=tuple(
            Dispute(
                dispute, (_side(dispute.one, mine, texts, one.copies), _side(dispute.other, theirs, texts, one.copies))
            )
            for dispute, (mine, theirs) in zip(one.contradictions, graded.sides, strict=True)
        ),
        charts=tuple(charts(_own(one.tolls, one.copies))),
        joins=tuple(
            Join(tellings[join.one], tellings[join.other], join)
            for join in one.joins
            if join.one in tellings and join.other in tellings
        ),
    )


def _own(tolls: Sequence[Toll], copies: Mapping[str, str]) -> list[Toll]:
    """The tolls but for those that a copy only repeats."""
    known = {(toll.claim.report, toll.kind, toll.low, toll.high) for toll in tolls}
    return [
        toll
        for toll in tolls
        if (original := original_of(toll.claim.report, copies)) == toll.claim.report
        or (original, toll.kind, toll.low, toll.high) not in known
    ]


def _telling(member: Member, graded: Graded) -> Telling:
    report, event = member.reading.report, member.event
    before, words, after = _cut(report.text, event.trigger)
    said = member.reading.attribution(event.attribution)
    time = member.reading.words(event.time) if event.time else None
    dated = event.start or event.end or time
    original = original_of(report.id, graded.happening.copies)
    return Telling(
        id=mark_id(report.id, event.id),
        report=report,
        event=event,
        before=before,
        words=words,
        after=after,
        voice=member.voice if said else None,
        said=said,
        letter=graded.letters[member.told.key],
        counts=tuple(wording.counted(c.kind, c.low, c.high, c.bound, c.who) for c in event.counts),
        place=member.reading.words(event.place) if event.place else None,
        when=wording.when(event.start, event.end, event.date_precision, time, event.date_reason) if dated else "",
        copied=original if original != report.id else None,
    )


def _by_report(tellings: Iterable[Telling]) -> Iterator[Telling]:
    """The first telling of each report with the others of that report; of a copy only what its original has not."""
    found: dict[str, list[Telling]] = {}
    for one in tellings:
        found.setdefault(one.report.id, []).append(one)
    had = {report: {one.sentence for one in some} for report, some in found.items()}
    same: dict[str, list[Telling]] = {}
    for report, some in list(found.items()):
        original = some[0].copied
        if original in found:
            found[report] = [one for one in some if one.sentence not in had[original]]
            if not found[report]:
                same.setdefault(original, []).append(some[0])
    for report, some in found.items():
        if some:
            yield replace(some[0], more=tuple(some[1:]), same=tuple(same.get(report, ())))


def _chains(chains: Sequence[Chain], members: Sequence[Member], copies: Mapping[str, str]) -> Iterator[ChainShown]:
    """The chains, those whose source is known first, each with its copies under their originals."""
    first: dict[str, Member] = {}
    for member in members:
        first.setdefault(member.told.report, member)
    for chain in sorted(chains, key=lambda one: (not one.known, -len(one.reports))):
        under: dict[str, list[str]] = {
            report: [] for report in chain.reports if copies.get(report) not in chain.reports
        }
        for report in chain.reports:
            if report not in under:
                under.setdefault(_top(report, chain, copies), []).append(report)
        roots = [_in_chain(first[report], [first[copy] for copy in taken]) for report, taken in under.items()]
        yield ChainShown(chain, tuple(sorted(roots, key=lambda one: one.report.published or "~")))


def _top(report: str, chain: Chain, copies: Mapping[str, str]) -> str:
    """The report of the chain that a report copies in the end."""
    seen = {report}
    while (above := copies.get(report)) in chain.reports and above is not None and above not in seen:
        seen.add(above)
        report = above
    return report


def _in_chain(member: Member, copies: Iterable[Member] = ()) -> InChain:
    return InChain(member.reading.report, member.event.id, tuple(_in_chain(copy) for copy in copies))


def _side(claims: Sequence[Claim], grade: Grade, texts: Mapping[str, str], copies: Mapping[str, str]) -> Side:
    """One side's claims, those that a copy only repeats left out."""
    own = {(claim.report, claim.words) for claim in claims}
    found: dict[tuple[str | None, str | None], Claim] = {}
    for claim in claims:
        if (original_of(claim.report, copies), claim.words) not in own - {(claim.report, claim.words)}:
            found.setdefault((claim.outlet, claim.voice), claim)
    return Side(tuple(_said(claim, texts[claim.report]) for claim in found.values()), grade)


def _said(claim: Claim, text: str) -> Said:
    start, end = claim.span
    before, _, after = _cut(text, claim.span)
    assert text[start:end] == claim.words
    return Said(claim, before, after)


def _cut(text: str, span: Span) -> tuple[str, str, str]:
    """The sentence of a span: what stands before it, its words, what comes after."""
    quote = sentence(text, span)
    before = ("… " if quote.cut_before else "") + text[quote.span[0] : span[0]]
    return before, text[span[0] : span[1]], text[span[1] : quote.span[1]] + (" …" if quote.cut_after else "")
