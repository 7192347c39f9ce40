"""Who did it: `Torvesh gunners fired` and `the village was hit by Ildrane's own howitzers`.

Invariant: a perpetrator is an actor of the act, somebody who is accused of it, or whom a sentence puts forward as the
one that did it; a name after `in` or `at` is where somebody is, and who speaks is not who did it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from dragoman.compare.contradictions.claims import (
    Claim,
    Contradiction,
    Member,
    claim,
    claim_of,
    in_order,
    told_of_one,
)
from dragoman.compare.order import told_on
from dragoman.compare.words import Words, kin, names_in, stems
from dragoman.records import Event, Span, touch
from dragoman.sentences import Sentences

FORCE = ("ASSAULT", "COERCE")
_WHERE = re.compile(r" (?:at|in|on|near|inside|outside) ")
_CLEFT = re.compile(r"\bIt (?:was|is) (?:not )?(?P<who>[^.;:“”\"]{3,90}?),? (?:who|that|which) (?P<did>[^.;]{3,40})")
_ACCUSES = re.compile(r"\b(?:accus|alleg|blam)", re.IGNORECASE)
_NOT = re.compile(r"\bnot (?:to |by |from |of |the work of )?(?=(?:the |an? )?[A-Z])")


@dataclass(frozen=True, slots=True)
class _Said:
    """Somebody who is said to have done it: the names, by which accounts are told apart, and the words."""

    member: Member
    names: Words
    claim: Claim


def perpetrators(happened: Sequence[Member]) -> Iterator[Contradiction]:
    """Accounts of force by actors of other names, in reports of which none has both; and those told to be false."""
    told = [m for m in happened if m.event.type in FORCE]
    accounts = _accounts(
        [said for member in told for said in (*_actors(member), *_accused(member), *_put_forward(member))]
    )
    yielded: set[tuple[int, int]] = set()
    for first, second in combinations(range(len(accounts)), 2):
        one, other = accounts[first], accounts[second]
        both = {said.claim.report for said in one} & {said.claim.report for said in other}
        near = told_of_one([said.member for said in one], [said.member for said in other])
        if near and not both:
            yielded.add((first, second))
            yield _contradiction([said.claim for said in one], [said.claim for said in other])
    for n, account in enumerate(accounts):
        if not any(n in pair for pair in yielded):
            reports = {said.claim.report for said in account}
            names = frozenset().union(*(said.names for said in account))
            denied = [c for m in told if m.told.report not in reports for c in _told_otherwise(m, names)]
            if denied:
                yield _contradiction([said.claim for said in account], denied)


def _contradiction(one: Sequence[Claim], other: Sequence[Claim]) -> Contradiction:
    first, second = in_order(one), in_order(other)
    return Contradiction("perpetrator", first, second, f"{first[0].words} / {second[0].words}")


def _accounts(everybody: Sequence[_Said]) -> list[list[_Said]]:
    """Those who share a name are one account, in order of their first telling."""
    found: list[list[_Said]] = []
    for said in sorted(everybody, key=lambda said: (told_on(said.claim.published), said.claim.event, said.claim.span)):
        same = [account for account in found if any(said.names & other.names for other in account)]
        found = [account for account in found if account not in same] + [[*(o for a in same for o in a), said]]
    return found


def _actors(member: Member) -> Iterator[_Said]:
    for someone in member.event.actors:
        words = _WHERE.split(member.reading.words(someone.span))[0]
        names = names_in(words) & member.told.proper
        if names and not _only_speaks(member, someone.span) and not _of_another(member, someone.span):
            yield _Said(member, names, claim(member, someone.span))


def _only_speaks(member: Member, actor: Span) -> bool:
    """Whether the words are only part of those for who says so: `the general accused by the presidency said`."""
    said = member.reading.attribution(member.event.attribution)
    return said is not None and any(touch(span, actor) and span != actor for span in said.source)


def _of_another(member: Member, actor: Span) -> bool:
    """Whether they are who did another kind of act that stands nearer: `Ozerra detained 31 officers after the coup`."""
    start, end = member.sentence
    here = abs(member.event.trigger[0] - actor[1])
    return any(
        other.type != member.event.type
        and start <= other.trigger[0] < end
        and actor[1] <= other.trigger[0] < member.event.trigger[0]
        and abs(other.trigger[0] - actor[1]) < here
        and any(someone.span == actor for someone in other.actors)
        and not _joined(member, other)
        for other in member.reading.events
    )


def _joined(member: Member, other: Event) -> bool:
    """Whether nothing but `and` and the object of the first parts two verbs: `stormed the palace and arrested him`."""
    between = member.reading.report.text[other.trigger[1] : member.event.trigger[0]]
    return bool(re.search(r"(?:\band|,)\s+(?:\w+ly )?\Z", between))


def _accused(member: Member) -> Iterator[_Said]:
    """Whom the report tells to be accused of it: `accused Orvane of carrying out the strike`."""
    reading, sentences = member.reading, Sentences(member.reading.report.text)
    for event in reading.events:
        if (
            event.type == "ACCUSE"
            and _ACCUSES.search(reading.words(event.trigger))
            and _is_meant(member, event, sentences)
        ):
            voice = "; ".join(reading.words(someone.span) for someone in event.actors) or member.voice
            for someone in event.recipients:
                if names := names_in(_WHERE.split(reading.words(someone.span))[0]) & member.told.proper:
                    yield _Said(member, names, claim_of(reading, event, someone.span, voice))


def _is_meant(member: Member, accusation: Event, sentences: Sentences) -> bool:
    """Whether the words after an accusation name the member's act, and no other event of that act stands nearer."""
    reading = member.reading
    _, end = sentences.at(accusation.trigger[0])
    after = stems(reading.report.text[accusation.trigger[1] : end])
    if not (member.told.trigger & after or kin(member.told.trigger) & kin(after)):
        return False
    place = sentences.number(accusation.trigger[0])

    def distance(trigger: Span) -> tuple[int, int]:
        return abs(sentences.number(trigger[0]) - place), trigger[0]

    rivals = [
        event.trigger
        for event in reading.events
        if event.type == member.event.type
        and (words := stems(reading.words(event.trigger)))
        and (words & after or kin(words) & kin(after))
    ]
    return min(rivals, key=distance, default=member.event.trigger) == member.event.trigger


def _put_forward(member: Member) -> Iterator[_Said]:
    """`It was the navy that killed our neighbours`: where the verb tells the member's act in the report."""
    reading = member.reading
    for found in _CLEFT.finditer(reading.report.text):
        did = stems(found["did"])
        if (did & member.told.trigger or kin(did) & kin(member.told.trigger)) and (names := stems(found["who"])):
            yield _Said(member, names, claim(member, found.span("who")))


def _told_otherwise(member: Member, names: Words) -> Iterator[Claim]:
    """`belonged to Sulmek, and not to Orvane`: where a sentence of the act says that it was not they."""
    reading, (start, end) = member.reading, member.sentence
    for found in _NOT.finditer(reading.report.text, start, end):
        rest = reading.report.text[found.end() : min(end, found.end() + 40)]
        if names_in(" ".join(rest.split()[:3])) & names:
            yield claim(member, (found.start(), min(end, found.end() + len(" ".join(rest.split()[:2]).rstrip(",.")))))
