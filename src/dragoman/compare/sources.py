"""What each source and each outlet has told, and what became of it.

Invariant: the same for the same readings and judgements, whatever the order in which they came. A claim is confirmed
only by an independent chain, and contradicted only by what was told on its day or later.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dragoman.compare import of_ledger
from dragoman.compare.contradictions import DID_NOT, HAPPENED, Member
from dragoman.compare.grades import speaker_of, vouches
from dragoman.compare.happenings import Happening
from dragoman.compare.order import told_on
from dragoman.compare.speaking import (
    NAMED,
    NONE,
    OUTLET,
    UNNAMED,
    Speaker,
    head,
    head_phrase,
    is_pronoun,
    meant,
    outlet_key,
    outlet_words,
    speaker,
    words_of,
)
from dragoman.compare.words import proper_names
from dragoman.ledger import identity, query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.filters import Filter, Who
from dragoman.ledger.folding import fold
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Event, Reading
from dragoman.sentences import Sentences

CONFIRMED, CONTRADICTED, OPEN = "confirmed", "contradicted", "open"

UNKNOWN, NOBODY = "outlet unknown", "no source named"

PLANNED = frozenset({"planned"})
_BORNE_OUT_BY = ((HAPPENED, HAPPENED), (PLANNED, HAPPENED | PLANNED), (DID_NOT, DID_NOT))
"""By tellings of which status one of a status is borne out; what is merely thought of is no claim."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One event that a source vouches for, and its fate; `by` are the events that bear it out or say otherwise.

    `because` is the kind of contradiction, also of one that was told before; `happening` is the id of what it tells of,
    None where no other report tells it.
    """

    event: str
    report: str
    outlet: str | None
    published: str | None
    type: str
    status: str
    words: str
    unnamed: bool
    happening: str | None
    fate: str
    because: str | None
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source, or an outlet with all that its reports tell, whosever word it is.

    `outlet` is that of a source who is only described. `known_as` are the words that reports have for it. An outlet's
    own voice has claims, and no attributions but those of other outlets that cite it.
    """

    id: str
    name: str
    kind: str
    outlet: str | None
    known_as: tuple[str, ...]
    reports: tuple[str, ...]
    attributions: int
    claims: tuple[Claim, ...]

    @property
    def on_unnamed(self) -> int:
        """How many of its claims rest on unnamed sources."""
        return sum(claim.unnamed for claim in self.claims)

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The happenings of which a claim of it was confirmed, and none contradicted."""
        return tuple(one for one in self._happenings(CONFIRMED) if one not in self.contradicted)

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The happenings of which a claim of it was contradicted since."""
        return self._happenings(CONTRADICTED)

    @property
    def happenings(self) -> tuple[str, ...]:
        """What it tells of that other reports tell, too."""
        return tuple(dict.fromkeys(claim.happening for claim in self.claims if claim.happening))

    def _happenings(self, fate: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.happening for one in self.claims if one.happening and one.fate == fate))


@dataclass(slots=True)
class _Telling:
    """What is gathered of a source while readings are gone through."""

    names: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    outlet: str | None = None
    reports: set[tuple[str, str]] = field(default_factory=set)
    attributions: int = 0
    claims: list[Claim] = field(default_factory=list)

    def seen(self, reading: Reading, name: str, words: str = "", attributions: int = 0) -> None:
        self.names[name] += 1
        self.words[words or name] += 1
        self.reports.add((told_on(reading.report.published), reading.report.id))
        self.attributions += attributions

    def source(self, id: str, kind: str) -> Source:
        claims = sorted(self.claims, key=lambda claim: (told_on(claim.published), claim.report, claim.event))
        name = min(self.names, key=lambda name: (-self.names[name], -len(name), name))
        other = {fold(words): words for words in sorted(self.words) if words and not is_pronoun(words)}
        words = [words for folded, words in other.items() if folded != fold(name)]
        known_as = sorted(words, key=lambda words: (-self.words[words], words))
        return Source(
            id=id, name=name, kind=kind, outlet=self.outlet, known_as=tuple(known_as), claims=tuple(claims),
            reports=tuple(report for _, report in sorted(self.reports)), attributions=self.attributions,
        )  # fmt: skip


def sources(ledger: Ledger, filter: Filter = query.EVERYTHING) -> list[Source]:
    """Every source of the reports told by then, the most telling first; of a filter only its days are looked at.

    UsageError for days that are none.
    """
    everybody = {one for reading in query.readings(ledger, filter) for one in speakers(reading).values()}
    same = one_each(ledger, everybody, query.as_of(filter))
    fates = _fates(ledger, filter)
    found: defaultdict[Speaker, _Telling] = defaultdict(_Telling)
    for reading in query.readings(ledger, filter):
        of = speakers(reading)
        for said in reading.attributions:
            one = same[of[said.id]]
            found[one].seen(reading, _name(reading, said, one), words_of(reading, said), attributions=1)
            found[one].outlet = reading.report.outlet if one.outlet else None
        for event, claim in _claims(reading, fates):
            one = same[of[event.attribution]]
            if event.attribution is None:
                found[one].seen(reading, reading.report.outlet or UNKNOWN)
            found[one].claims.append(claim)
    return _sorted(told.source(one.id, one.kind) for one, told in found.items())


def outlets(ledger: Ledger, filter: Filter = query.EVERYTHING) -> list[Source]:
    """Every outlet with all that its reports tell, the most telling first. As `sources`."""
    fates = _fates(ledger, filter)
    found: defaultdict[str, _Telling] = defaultdict(_Telling)
    for reading in query.readings(ledger, filter):
        told = found[outlet_key(reading.report.outlet)]
        told.seen(reading, reading.report.outlet or UNKNOWN, attributions=len(reading.attributions))
        told.claims += (claim for _, claim in _claims(reading, fates))
    return _sorted(told.source(f"{OUTLET}:{key or '-'}", OUTLET) for key, told in found.items())


def named(found: Iterable[Source], part: str) -> list[Source]:
    """Those whose id it is, or with names or words in which a word begins so; case and accents do not count."""
    every, wanted = list(found), f" {fold(part)}"
    exact = [one for one in every if one.id == part]
    return exact or [one for one in every if any(wanted in f" {fold(name)}" for name in (one.name, *one.known_as))]


def speakers(reading: Reading) -> dict[str | None, Speaker]:
    """Who speaks in each attribution, by its id; None is the outlet's own voice."""
    proper = proper_names(reading.report.text, Sentences(reading.report.text))
    found: dict[str | None, Speaker] = {None: speaker(reading, None, proper)}
    return found | {said.id: speaker(reading, said, proper) for said in reading.attributions}


def one_each(ledger: Ledger, speaking: Iterable[Speaker], as_of: AsOf) -> dict[Speaker, Speaker]:
    """For each speaker the one that stands for all that are the same: by name, alias or judgement; outlets by name."""
    found = {one: one for one in sorted(speaking, key=str)}
    by_who = {one.who: one for one in found if one.who}
    for who, first in _same(ledger, by_who, as_of).items():
        found[by_who[who]] = by_who[first]
    for one in found:
        if one.kind == NAMED and (outlet := Speaker(OUTLET, " ".join(outlet_words(one.name)))) in found:
            found[one] = outlet
    return found


def _same(ledger: Ledger, known: Iterable[Who], as_of: AsOf) -> dict[Who, Who]:
    """For each of them the first, in order, of those that are the same.

    Names that differ by their article alone are one. Nobody goes by an alias who has no country.
    """
    found: dict[Who, Who] = {}
    bare: dict[Who, Who] = {}
    for who in sorted(known, key=str):
        found[who] = bare.setdefault(replace(who, name=who.name.removeprefix("the ")), who)
    with ledger.connection() as connection:
        judged = {who for pair in identity.all_judged(connection, as_of) for who in pair}
        for who in sorted(found, key=str):
            if who.country or who in judged:
                firsts = {found[other] for other in identity.same_as(connection, who, as_of) if other in found}
                if len(firsts) > 1:
                    found = {one: min(firsts, key=str) if of in firsts else of for one, of in found.items()}
    return found


# --- the fate of claims ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fate:
    happening: str | None = None
    word: str = OPEN
    because: str | None = None
    by: tuple[str, ...] = ()


def _claims(reading: Reading, fates: Mapping[str, _Fate]) -> Iterator[tuple[Event, Claim]]:
    """Every event of a reading that somebody vouches for, with what became of it."""
    report, unnamed = reading.report, {said.id for said in reading.attributions if said.kind == UNNAMED}
    for event in reading.events:
        if vouches(reading, event):
            id = mark_id(report.id, event.id)
            fate = fates.get(id, _Fate())
            yield event, Claim(
                event=id, report=report.id, outlet=report.outlet, published=report.published, type=event.type,
                status=event.status, words=reading.words(event.trigger), unnamed=event.attribution in unnamed,
                happening=fate.happening, fate=fate.word, because=fate.because, by=fate.by,
            )  # fmt: skip


def _fates(ledger: Ledger, filter: Filter) -> dict[str, _Fate]:
    """What became of each event that other reports tell, too."""
    found: dict[str, _Fate] = {}
    for happening in of_ledger.each(ledger, query.as_of(filter)):
        disputes = _disputes(happening)
        for member in happening.members:
            because, by = disputes.get(member.told.key, (None, ()))
            word = CONTRADICTED if by else OPEN
            if because is None and (by := _borne_out(happening, member)):
                word = CONFIRMED
            found[member.told.key] = _Fate(happening.id, word, because, by)
    return found


def _disputes(happening: Happening) -> dict[str, tuple[str, tuple[str, ...]]]:
    """For each disputed telling the kind of dispute, and what other reports have said otherwise since."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for dispute in happening.contradictions:
        for mine, others in ((dispute.one, dispute.other), (dispute.other, dispute.one)):
            for claim in mine:
                rest = [o for o in others if o.report != claim.report and _since(claim.published, o.published)]
                if rest or claim.event not in found:
                    found[claim.event] = dispute.kind, tuple(dict.fromkeys(other.event for other in rest))
    return found


def _borne_out(happening: Happening, member: Member) -> tuple[str, ...]:
    """The tellings of independent chains that say the same on that day or later, by somebody else."""
    chain = {report: n for n, one in enumerate(happening.chains) if one.known for report in one.reports}
    mine, alike = chain.get(member.told.report), _alike(member.event.status)
    return tuple(
        other.told.key
        for other in happening.members
        if other.event.status in alike
        and chain.get(other.told.report) not in (mine, None)
        and vouches(other.reading, other.event)
        and _since(member.reading.report.published, other.reading.report.published)
        and speaker_of(member) != speaker_of(other)
    )


def _alike(status: str) -> frozenset[str]:
    return next((by for told, by in _BORNE_OUT_BY if status in told), frozenset())


def _since(before: str | None, after: str | None) -> bool:
    """Whether the second day is not before the first; False where either is not known."""
    return before is not None and after is not None and before <= after


# --- parts ----------------------------------------------------------------------------------------


def _name(reading: Reading, said: Attribution, one: Speaker) -> str:
    """What a source is called: its name, or the noun that describes it."""
    words = words_of(reading, said)
    entity = meant(reading, words, said.entity)
    if one.kind == NONE:
        return NOBODY
    if entity is not None and not one.outlet:
        return entity.canonical or entity.name
    told = entity.name if entity is not None and is_pronoun(words) else words
    return head_phrase(told) if one.kind == NAMED else head(told)


def _sorted(found: Iterable[Source]) -> list[Source]:
    """The most telling first: by claims, then by attributions."""
    return sorted(found, key=lambda one: (-len(one.claims), -one.attributions, one.id))
