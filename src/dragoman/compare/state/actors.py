"""Whom somebody asks about, across reports: the actor itself, and who speaks for it.

Invariant: names that are merely alike are not joined. One name in several reports is one actor unless countries differ
or somebody judged otherwise; words that name nobody (`the army`) mean somebody in their own report only.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dragoman.compare.speaking import OF_SPEAKER, is_pronoun, words_of
from dragoman.compare.words import names_in, stems
from dragoman.errors import NotFound
from dragoman.ledger import identity
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.filters import Who
from dragoman.ledger.folding import fold
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Entity, Participant, Reading, Span

SPEAKING = frozenset({"office", "leader", "spokesperson", "envoy"})
"""Relations to a body by which somebody's word is the body's."""

_OFFICIAL = frozenset(
    "ministry minister ministers government presidency president premier prime parliament cabinet council office army "
    "armed forces military command foreign defence defense interior justice finance state leadership spokesman "
    "spokeswoman spokesperson officials authorities delegation embassy the of for".split()
)
_ANY_BODY = stems(
    "group organisation organization country government state nation movement party bloc alliance authorities side "
    "militia rebels insurgents kingdom republic administration regime body we us our it its they their"
)
_DATELINE = re.compile(r"\A[^\n]*?\s[-–—]\s")
_LEADING = re.compile(r"^(?:the |a |an |its |their |his |her |our |neighbou?ring )+")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody across reports: `whos` are all that means them, `names` what they go by, `speakers` who speaks for them.

    `report` is the only report they are known in, where no name tells who they are; `apart` are judged to be others.
    """

    name: str
    whos: frozenset[Who]
    names: frozenset[str]
    country: str = ""
    report: str | None = None
    apart: frozenset[Who] = frozenset()
    speakers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Side:
    """An actor inside one report: the ids of the entities that are it, of those that speak for it, and of those that
    go by its name and are others.
    """

    reading: Reading
    actor: Actor
    own: frozenset[str]
    speaking: frozenset[str]
    apart: frozenset[str]

    def acts(self, someone: Participant, said: Attribution | None = None) -> bool:
        """Whether a participant is the actor or speaks for it; words that name somebody else are not.

        A pronoun right after the cue of `said` (`Velmar said it would`) is the one who speaks, whatever its link.
        """
        words = self.reading.words(someone.span)
        of_speaker = fold(words) in OF_SPEAKER
        if of_speaker and said is not None and said.source and _follows(self.reading, said, someone.span):
            return self.says(said)
        if someone.entity in self.apart:
            return False
        if bare(words) in self.actor.names and self.actor.report in (None, self.reading.report.id):
            return True
        return someone.entity in self.own | self.speaking and trusted(self.reading, someone.span, someone.entity)

    def says(self, said: Attribution | None) -> bool:
        """Whether an attribution is the actor's own word."""
        if said is None:
            return False
        return any(self.acts(Participant(span, said.entity)) for span in said.source)


def _follows(reading: Reading, said: Attribution, span: Span) -> bool:
    """Whether some words come right after the cue of an attribution, but for `that`."""
    return any(end <= span[0] and reading.report.text[end : span[0]].strip() in ("", "that") for _, end in said.cue)


def bare(name: str) -> str:
    """A name folded, without article and possessive."""
    return re.sub(r"['’]s?$", "", _LEADING.sub("", fold(name).strip()))


def is_proper(name: str) -> bool:
    """Whether words name somebody by a name."""
    return bool(names_in(name))


def trusted(reading: Reading, span: Span, entity: str | None) -> bool:
    """Whether the link of some words to an entity may hold.

    What is named outright shares a name with it; a body called by common words (`the army`) has one of them in its
    name, unless they fit any body (`the group`).
    """
    found = reading.entity(entity)
    if found is None:
        return False
    words = _DATELINE.sub("", reading.words(span))
    known = " ".join([found.name, found.canonical or "", *found.known_as])
    if names := names_in(words):
        return bool(names & names_in(known))
    common = stems(words) - _ANY_BODY
    return found.type == "person" or not common or bool(common & stems(known))


def voice_of(reading: Reading, said: Attribution) -> str | None:
    """Who says so in the words of the report, or by name where they are a pronoun; None where nobody is told."""
    words = words_of(reading, said)
    entity = reading.entity(said.entity)
    if entity and (not words or is_pronoun(words)):
        return entity.name
    return words or None


def find(ledger: Ledger, readings: Sequence[Reading], wanted: str, as_of: AsOf) -> tuple[Actor, tuple[str, ...]]:
    """The actor of an id or a part of a name, and the names of others whom it fits, who act less. NotFound.

    An id that was not known by then names whoever is meant by it, by the one name that it has now.
    """
    wanted = wanted.strip()
    if ":" in wanted:
        return _of_id(ledger, readings, wanted, as_of), ()
    groups = _groups(ledger, _fitting(readings, fold(wanted)), as_of)
    if not groups:
        cure = "give part of a name that `dragoman list entities` shows, or an id such as 1f0c9a77b3e2:N1"
        raise NotFound(f"nobody in these reports is called {wanted!r}", cure)
    groups.sort(key=lambda group: (not group.is_called(wanted), -group.acts, group.name, group.country))
    actor = _actor(ledger, groups[0], groups, as_of)
    others = [
        group.entities[0].name + (f" ({group.country})" if group.country and group.is_namesake(groups[0]) else "")
        for group in groups[1:]
        if not group.whos & actor.whos and (group.is_namesake(groups[0]) or not _is_body(group.entities[0].name, actor))
    ]
    return _with_speakers(actor, readings), tuple(dict.fromkeys(others))


def fits_anybody(readings: Iterable[Reading], wanted: str) -> bool:
    """Whether a part of a name fits somebody."""
    return next(_fitting(readings, fold(wanted.strip())), None) is not None


def _of_id(ledger: Ledger, readings: Sequence[Reading], id: str, as_of: AsOf) -> Actor:
    try:
        reading, entity = ledger.entity(id, as_of)
    except NotFound:
        reading, entity = ledger.entity(id)
        entity = replace(entity, name=entity.canonical or entity.name, known_as=())  # the rest was told later
    asked = _Group.of(reading, entity)
    alike = (found for found in _fitting(readings, asked.name) if bare(called(found[1])) == asked.name)
    groups = _groups(ledger, [(reading, entity), *alike], as_of)
    mine = next(group for group in groups if entity in group.entities and group.report == asked.report)
    return _with_speakers(_actor(ledger, mine, groups, as_of), readings)


def called(entity: Entity) -> str:
    """The name of an entity in all reports."""
    return entity.canonical or entity.name


@dataclass(slots=True)
class _Group:
    """Entities that are one by name and country while they are counted; `report` is theirs where no name tells who."""

    name: str
    country: str
    report: str | None
    whos: set[Who]
    entities: list[Entity]
    acts: int = 0

    @classmethod
    def of(cls, reading: Reading, entity: Entity) -> _Group:
        """The group of one entity alone."""
        alone = not is_proper(entity.name) and not entity.country
        report = reading.report.id if alone else None
        return cls(bare(called(entity)), entity.country or "", report, {Who.of(entity)}, [entity])

    def is_namesake(self, other: _Group) -> bool:
        """Whether it is another one of the same name."""
        return (self.name, self.report) == (other.name, other.report)

    def add(self, other: _Group) -> None:
        """Takes in another one."""
        self.country = self.country or other.country
        self.whos |= other.whos
        self.entities += other.entities
        self.acts += other.acts

    def is_called(self, wanted: str) -> bool:
        """Whether it is the whole name; the last name of a person may be anybody's."""
        return self.name == bare(wanted) and (" " in self.name or self.entities[0].type != "person")


def _fitting(readings: Iterable[Reading], part: str) -> Iterator[tuple[Reading, Entity]]:
    """Everybody that a part of a name fits, with the report; a place is nobody, and nothing fits nobody."""
    for reading in readings if part else ():
        for entity in reading.entities:
            names = (entity.name, entity.canonical or "", *entity.known_as)
            if entity.type != "place" and any(part in fold(name) for name in names):
                yield reading, entity


def _groups(ledger: Ledger, found: Iterable[tuple[Reading, Entity]], as_of: AsOf) -> list[_Group]:
    """Entities as whom they are: by name, country and judgement.

    Those without a country are with the only one of their name that has any.
    """
    whos: dict[tuple[Who, str | None], _Group] = {}
    for reading, entity in found:
        one = _Group.of(reading, entity)
        one.acts = sum(someone.entity == entity.id for event in reading.events for someone in event.actors)
        known = whos.setdefault((Who.of(entity), one.report), one)
        if known is not one:
            known.add(one)
    with ledger.connection() as connection:
        verdicts = identity.all_judged(connection, as_of)
    apart = {pair for pair, verdict in verdicts.items() if verdict == "different"}
    groups: list[_Group] = []
    for one in sorted(whos.values(), key=lambda one: (not one.country, -one.acts, repr(one.whos))):
        same = [group for group in groups if group.is_namesake(one) and one.country in ("", group.country)]
        same = [group for group in same if not any(frozenset((a, b)) in apart for a in group.whos for b in one.whos)]
        if len({group.country for group in same}) == 1:
            same[0].add(one)
        else:
            groups.append(one)
    return groups


def _actor(ledger: Ledger, mine: _Group, groups: Iterable[_Group], as_of: AsOf) -> Actor:
    """The actor that a group is, with everybody known or judged to be the same; other groups of its name are others."""
    whos, entities, report = sorted(mine.whos, key=repr), mine.entities, mine.report
    with ledger.connection() as connection:
        same = {other: None for who in whos for other in identity.same_as(connection, who, as_of)}
        apart = {
            other
            for who in same
            for other, verdict in identity.judged(connection, who, as_of).items()
            if verdict == "different" and other not in same
        }
    for group in groups:
        if group is not mine and group.is_namesake(mine):
            apart |= group.whos - same.keys()
    told = Counter(called(entity) for entity in entities)
    name = min(told, key=lambda name: (-told[name], name))
    proper = is_proper(name) or any(who.country for who in whos)
    also = [alias for entity in entities for alias in entity.known_as if _tells(alias, entity)]
    names = {bare(called) for called in (*(who.name for who in same), *(e.name for e in entities), *also)}
    countries = {who.country for who in same if who.country}
    return Actor(
        name=name,
        whos=frozenset(same),
        names=frozenset(names - {""}) if proper else frozenset(),
        country=min(countries) if len(countries) == 1 else "",
        report=None if proper else report,
        apart=frozenset(apart),
    )


def _tells(alias: str, entity: Entity) -> bool:
    """Whether another name tells who it is in any report; a person's last name does not."""
    return is_proper(alias) and (entity.type != "person" or " " in alias) and not is_pronoun(alias)


def _with_speakers(actor: Actor, readings: Iterable[Reading]) -> Actor:
    """The actor with the persons that some report says speak for it, who speak for it in other reports, too."""
    found: defaultdict[str, None] = defaultdict()
    for reading in readings:
        side = side_of(reading, actor)
        for id in side.speaking:
            entity = reading.entity(id)
            if entity and entity.type == "person" and " " in entity.name and is_proper(entity.name):
                found[bare(called(entity))] = None
    return Actor(
        actor.name, actor.whos, actor.names, actor.country, actor.report, actor.apart, frozenset(found) - actor.names
    )


def side_of(reading: Reading, actor: Actor) -> Side:
    """The actor's side in one report."""
    own = frozenset(entity.id for entity in reading.entities if _is(reading, entity, actor))
    apart = frozenset(entity.id for entity in reading.entities if _is_another(entity, actor))
    speaking = {
        entity.id
        for entity in reading.entities
        if bare(called(entity)) in actor.speakers
        or (entity.of and _is_body(entity.of, actor) and entity.type in ("person", "group"))
        or (entity.type != "place" and bare(entity.name) not in actor.names and _is_body(entity.name, actor))
    }
    for relation in reading.relations:
        body = reading.words(relation.body) if relation.body else ""
        if relation.kind not in SPEAKING or relation.object in apart:
            continue
        if relation.object in own or (body and _is_body(body, actor)):
            speaking.add(relation.subject)
    return Side(reading, actor, own, frozenset(speaking) - own - apart, apart)


def _is(reading: Reading, entity: Entity, actor: Actor) -> bool:
    if actor.report is not None and reading.report.id != actor.report:
        return False
    if Who.of(entity) in actor.whos:
        return True
    return entity.type != "place" and _is_called(entity, actor) and not _is_another(entity, actor)


def _is_another(entity: Entity, actor: Actor) -> bool:
    """Whether it is judged to be another, or goes by the actor's name in another country."""
    who = Who.of(entity)
    if who in actor.whos:
        return False
    elsewhere = bool(who.country and actor.country) and who.country != actor.country
    return who in actor.apart or (elsewhere and entity.type != "place" and _is_called(entity, actor))


def _is_called(entity: Entity, actor: Actor) -> bool:
    return bare(called(entity)) in actor.names or bare(entity.name) in actor.names


def _is_body(words: str, actor: Actor) -> bool:
    """Whether words are the actor's name, or the name with offices of a state: `Oskara's foreign ministry`."""
    said = re.sub(r"['’]s?\b", "", bare(words))
    for name in actor.names:
        rest = re.sub(rf"\b{re.escape(name)}\b", " ", said)
        if rest != said and all(word in _OFFICIAL for word in rest.split()):
            return True
    return False
