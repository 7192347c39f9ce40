"""Grades after the Admiralty's system: a letter for the source of a telling, a number for what is claimed.

Invariant: the number is computed from chains of evidence and what stands against them; nothing that makes a letter
(name, access, party) is looked at, so that neither can lend the other weight. A machine gives C, D and F only: A, B and
E ask for a record of being right or wrong that it does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from dragoman.compare.chains import Chain, chains
from dragoman.compare.contradictions import DID_NOT, HAPPENED, VOUCHES, Contradiction, Member
from dragoman.compare.happenings import Happening
from dragoman.compare.order import told_on
from dragoman.compare.speaking import (
    DOCUMENT,
    NAMED,
    NONE,
    UNNAMED,
    Speaker,
    is_nameless,
    is_pronoun,
    speaker,
    words_of,
)
from dragoman.compare.standing import Parties, access, parties, party
from dragoman.compare.words import stems
from dragoman.ledger.decisions import Overruling, anchor, span_of
from dragoman.ledger.ids import mark_id
from dragoman.records import Attribution, Event, Reading

LETTERS = frozenset("ABCDEF")
"""What a source may have; the rules give C, D and F."""

NUMBERS = {
    "1": "confirmed",
    "2": "borne out",
    "3": "one chain",
    "4": "disputed",
    "5": "contradicted",
    "6": "cannot be judged",
}
"""What a number means, in a word."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words; `words` are those that show it and `ids` the marks or reports that have them."""

    why: str
    words: str | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A letter from A to F or a number from 1 to 6 by the rules, with the reasons; `human` is what overrules it."""

    grade: str
    reasons: tuple[Reason, ...]
    human: Overruling | None = None

    @property
    def holds(self) -> str:
        """The grade that holds: what somebody gave last, else that of the rules."""
        return self.human.grade if self.human else self.grade

    @property
    def why(self) -> str:
        """The reasons in one line."""
        return "; ".join(reason.why for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Graded:
    """A happening with its grades: the number, the letter of each telling by its key, two numbers a contradiction."""

    happening: Happening
    number: Grade
    letters: Mapping[str, Grade]
    sides: tuple[tuple[Grade, Grade], ...]


@dataclass(frozen=True, slots=True)
class Rulings:
    """What people gave: to events and attributions by their subject, to sources by who speaks."""

    given: Mapping[str, Overruling] = field(default_factory=dict)
    to_sources: Mapping[Speaker, Overruling] = field(default_factory=dict)


def graded(happening: Happening, rulings: Rulings = Rulings()) -> Graded:
    """All the grades of a happening, by the rules and by people."""
    own = letters(happening)
    claimed = [on_event(member.told.report, member.event) for member in happening.members]
    given = [rulings.given[subject] for subject in claimed if subject in rulings.given]
    return Graded(
        happening,
        replace(number(happening), human=max(given, key=lambda one: one.decision.recorded_at, default=None)),
        {m.told.key: replace(own[m.told.key], human=_given_to(m, rulings)) for m in happening.members},
        tuple(sides(happening, dispute) for dispute in happening.contradictions),
    )


def on_event(report: str, event: Event) -> str:
    """What a number is recorded under: the event, by its words."""
    return f"event:{anchor(report, span_of(event))}"


def is_worded(said: Attribution) -> bool:
    """Whether an attribution has any words, by which alone a letter can be recorded for it."""
    return bool(said.cue or said.source or said.content)


def on_attribution(report: str, said: Attribution) -> str:
    """What the letter of a single attribution is recorded under."""
    return f"attribution:{anchor(report, span_of(said))}"


def _given_to(member: Member, rulings: Rulings) -> Overruling | None:
    """The letter of the very attribution, else of its source."""
    said = member.reading.attribution(member.event.attribution)
    found = rulings.given.get(on_attribution(member.told.report, said)) if said and is_worded(said) else None
    return found or (rulings.to_sources.get(speaker_of(member)) if rulings.to_sources else None)


# --- the letter -----------------------------------------------------------------------------------


def letter(member: Member, everybody: Parties) -> Grade:
    """What is known of the source of a telling; `everybody` are the parties to the happening (`standing.parties`).

    | letter | the source |
    |---|---|
    | D | is a party to the event |
    | C | has a name and is said to have access |
    | D | has no name, and no access is told |
    | F | all others: nothing is known that would tell |
    """
    reading = member.reading
    said = reading.attribution(member.event.attribution)
    shown = _id(member)
    if side := party(member, everybody):
        return Grade("D", (Reason(f"{side.what}: {side.words}", member.voice, (shown,)),))
    if said is None:
        return Grade("F", (Reason("the outlet itself, no access told", member.voice, (shown,)),))
    if said.kind == NONE or not said.source:
        return Grade("F", (Reason("no source is told", None, (shown,)),))
    words = words_of(reading, said)
    if said.kind not in (NAMED, UNNAMED):
        kind = "a document, of which nothing is known" if said.kind == DOCUMENT else "another outlet's word"
        return Grade("F", (Reason(kind, words, (shown,)),))
    known, nameless = access(reading, said), is_nameless(reading, said, member.told.proper)
    if known and nameless is False:
        return Grade("C", (Reason(f"named, no party, {known.what}", known.words, (shown,)),))
    if known:
        return Grade("F", (Reason(f"{known.what}, but unnamed", known.words, (shown,)),))
    if nameless:
        return Grade("D", (Reason("unnamed, no access told", words, (shown,)),))
    return Grade("F", (Reason("no access told", words, (shown,)),))


def letters(happening: Happening) -> dict[str, Grade]:
    """The letter of each telling, by its key."""
    everybody = parties(happening.members)
    return {member.told.key: letter(member, everybody) for member in happening.members}


def _id(member: Member) -> str:
    """The id of the attribution that holds a telling, of the event where the outlet itself tells it."""
    said = member.event.attribution
    return mark_id(member.told.report, said) if said else member.told.key


# --- the number -----------------------------------------------------------------------------------


def number(happening: Happening) -> Grade:
    """How well it is borne out that it happened; of what nobody says has happened yet, that it is planned or did not.

    What stands against it are the other sides of contradictions on whether it happened. A dispute over toll, day, place
    or perpetrator has numbers of its own (`sides`).
    """
    against = {
        claim.event for dispute in happening.contradictions if dispute.kind in WHETHER for claim in dispute.other
    }
    vouched = [m for m in happening.members if vouches(m.reading, m.event) and m.told.key not in against]
    for statuses, claim in CLAIMS:
        if mine := [member for member in vouched if member.event.status in statuses]:
            return _number(mine, [m for m in happening.members if m.told.key in against], happening.copies, claim)
    return Grade("6", (Reason("nobody vouches for it", None, (happening.id,)),))


def sides(happening: Happening, dispute: Contradiction) -> tuple[Grade, Grade]:
    """How well each side of a contradiction is borne out against the other."""
    one, other = (
        [m for m in happening.members if m.told.key in {claim.event for claim in side}]
        for side in (dispute.one, dispute.other)
    )
    return _number(one, other, happening.copies), _number(other, one, happening.copies)


def vouches(reading: Reading, event: Event) -> bool:
    """Whether somebody stands behind a telling: who denies an act does for one that did not happen."""
    said = reading.attribution(event.attribution)
    stance = said.stance if said else "asserts"
    return stance in VOUCHES or (stance in ("denies", "disputes") and event.status in DID_NOT)


WHETHER = frozenset({"denied", "happened"})
"""Contradictions over whether it happened."""

CLAIMS = ((HAPPENED, ""), (frozenset({"planned"}), "that it is planned: "), (DID_NOT, "that it did not happen: "))
"""What is claimed of a happening, by the status of its tellings: the first that somebody vouches for."""


def _number(mine: Sequence[Member], others: Sequence[Member], copies: Mapping[str, str], claim: str = "") -> Grade:
    """How well a claim is borne out: the first of these that holds.

    | number | the claim |
    |---|---|
    | 6 | nobody who can be told vouches for it, and nobody such says otherwise |
    | 5 | more independent chains against it than for it, not counting those whose source has withdrawn it |
    | 4 | somebody says otherwise |
    | 1 | two independent chains or more |
    | 2 | one chain, with a document, or with a second voice that says the same |
    | 3 | one chain |
    """
    standing = [chain for chain in chains(mine, copies) if chain.known]
    opposed = [chain for chain in chains(others, copies) if chain.known]
    withdrawn = {chain for chain in standing if _withdrawn(chain, mine, others)}
    remaining = len(standing) - len(withdrawn)
    reasons = [_of_chains(f"{claim}{_chains(len(standing))} for it", standing)]
    if others and (standing or opposed):
        reasons.append(_of_chains(f"{len(opposed) or 'none'} against it", opposed, others))
        reasons += [_of_chains("its own source withdrew it", [chain]) for chain in sorted(withdrawn, key=str)]
        return Grade("5" if len(opposed) > remaining else "4", tuple(reasons))
    if not standing:
        return Grade("6", (Reason(f"{claim}nobody who can be told vouches for it", None, _reports(mine)),))
    if len(standing) > 1:
        return Grade("1", (*reasons, Reason("nobody denies it")))
    found = _compatible(mine)
    return Grade("2" if found else "3", (*reasons, found or Reason("nobody denies it, and nothing else bears it out")))


def _compatible(mine: Sequence[Member]) -> Reason | None:
    """A document, a second voice in one report, or a report of unknown provenance that tells the same."""
    for member in mine:
        for said in member.reading.around(member.event.attribution):
            if said.kind == DOCUMENT:
                return Reason("with a document", words_of(member.reading, said), (_id(member),))
    for one, other in combinations([m for m in mine if _is_voice(m)], 2):
        if one.told.report == other.told.report and not stems(one.voice or "") & stems(other.voice or ""):
            return Reason("with a second voice", f"{one.voice} / {other.voice}", (_id(one), _id(other)))
    unknown = [member for member in mine if member.voice is None]
    return Reason("with a report of unknown provenance", None, _reports(unknown)) if unknown else None


def _is_voice(member: Member) -> bool:
    """Whether people or a body vouch for it, in words that tell them from others."""
    said = member.reading.attribution(member.event.attribution)
    return said is not None and said.kind in (NAMED, UNNAMED) and not is_pronoun(words_of(member.reading, said))


def _withdrawn(chain: Chain, mine: Sequence[Member], others: Sequence[Member]) -> bool:
    """Whether the same source says otherwise in a later report."""
    return any(
        speaker_of(one) == speaker_of(other)
        for one in mine
        if one.told.report in chain.reports and one.voice in chain.sources
        for other in others
        if told_on(one.reading.report.published) < (other.reading.report.published or "")
    )


def speaker_of(member: Member) -> Speaker:
    """Who tells it."""
    return speaker(member.reading, member.reading.attribution(member.event.attribution), member.told.proper)


def _chains(count: int) -> str:
    return f"{count or 'no'} independent {'chain' if count == 1 else 'chains'}"


def _of_chains(why: str, found: Sequence[Chain], members: Sequence[Member] = ()) -> Reason:
    sources = ", ".join(dict.fromkeys(source for chain in found for source in chain.sources))
    reports = tuple(sorted({report for chain in found for report in chain.reports})) or _reports(members)
    return Reason(why, sources or None, reports)


def _reports(members: Sequence[Member]) -> tuple[str, ...]:
    return tuple(sorted({member.told.report for member in members}))
