"""Whom somebody asks about, across reports: the actor itself, and who speaks for it.

Invariant: names that are merely alike are not joined. One name in several reports is one actor unless countries differ
or somebody judged otherwise; words that name nobody (`the army`) mean somebody in their own report only.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """An actor inside one report: the ids of the entities that are it, and of those that speak for it."""

    reading: Reading
    actor: Actor
    own: frozenset[str]
    speaking: frozenset[str]

    def acts(self, someone: Participant, said: Attribution | None = None) -> bool:
        """Whether a participant is the actor or speaks for it; words that name somebody else are not.

        A pronoun right after the cue of `said` (`Velmar said it would`) is the one who speaks, whatever its link.
        """
        words = self.reading.words(someone.span)
        of_speaker = fold(words) in OF_SPEAKER
        if of_speaker and said is not None and said.source and _follows(self.reading, said, someone.span):
            return self.says(said)
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
    """The actor of an id or a part of a name, and the names of others whom it fits, who act less. NotFound."""
    wanted = wanted.strip()
    if ":" in wanted:
        reading, entity = ledger.entity(wanted)
        return _with_speakers(_actor(ledger, [Who.of(entity)], [entity], reading.report.id, as_of), readings), ()
    groups = _matching(readings, fold(wanted)) if fold(wanted) else {}
    if not groups:
        cure = "give part of a name that `dragoman list entities` shows, or an id such as 1f0c9a77b3e2:N1"
        raise NotFound(f"nobody in these reports is called {wanted!r}", cure)
    order = sorted(groups, key=lambda name: (not groups[name].is_called(wanted), -groups[name].acts, name))
    first = groups[order[0]]
    actor = _actor(ledger, sorted(first.whos, key=repr), first.entities, first.report, as_of)
    others = [groups[name].entities[0].name for name in order if not groups[name].whos & actor.whos]
    return _with_speakers(actor, readings), tuple(name for name in dict.fromkeys(others) if not _is_body(name, actor))


@dataclass(slots=True)
class _Group:
    """Entities of one name while they are counted."""

    whos: set[Who]
    entities: list[Entity]
    report: str | None
    acts: int = 0

    def is_called(self, wanted: str) -> bool:
        """Whether it is the whole name; the last name of a person may be anybody's."""
        name = bare(self.entities[0].canonical or self.entities[0].name)
        return name == bare(wanted) and (" " in name or self.entities[0].type != "person")


def _matching(readings: Iterable[Reading], part: str) -> dict[str, _Group]:
    """Everybody that a part of a name fits, by name; a place is nobody."""
    groups: dict[str, _Group] = {}
    for reading in readings:
        doing = Counter(someone.entity for event in reading.events for someone in event.actors)
        for entity in reading.entities:
            called = (entity.name, entity.canonical or "", *entity.known_as)
            if entity.type == "place" or not any(part in fold(name) for name in called):
                continue
            name = bare(entity.canonical or entity.name)
            alone = not is_proper(entity.name) and not entity.country
            key = f"{name} {reading.report.id}" if alone else name
            group = groups.setdefault(key, _Group(set(), [], reading.report.id if alone else None))
            group.whos.add(Who.of(entity))
            group.entities.append(entity)
            group.acts += doing[entity.id]
    return groups


def _actor(ledger: Ledger, whos: Sequence[Who], entities: Sequence[Entity], report: str | None, as_of: AsOf) -> Actor:
    """The actor that some entities are, with everybody known or judged to be the same."""
    with ledger.connection() as connection:
        same = {other: None for who in whos for other in identity.same_as(connection, who, as_of)}
        apart = {
            other
            for who in same
            for other, verdict in identity.judged(connection, who, as_of).items()
            if verdict == "different" and other not in same
        }
    told = Counter(entity.canonical or entity.name for entity in entities)
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
                found[bare(entity.canonical or entity.name)] = None
    return Actor(
        actor.name, actor.whos, actor.names, actor.country, actor.report, actor.apart, frozenset(found) - actor.names
    )


def side_of(reading: Reading, actor: Actor) -> Side:
    """The actor's side in one report."""
    own = frozenset(entity.id for entity in reading.entities if _is(reading, entity, actor))
    speaking = {
        entity.id
        for entity in reading.entities
        if bare(entity.canonical or entity.name) in actor.speakers
        or (entity.of and _is_body(entity.of, actor) and entity.type in ("person", "group"))
        or (entity.type != "place" and bare(entity.name) not in actor.names and _is_body(entity.name, actor))
    }
    for relation in reading.relations:
        body = reading.words(relation.body) if relation.body else ""
        if relation.kind in SPEAKING and (relation.object in own or (body and _is_body(body, actor))):
            speaking.add(relation.subject)
    return Side(reading, actor, own, frozenset(speaking) - own)


def _is(reading: Reading, entity: Entity, actor: Actor) -> bool:
    if actor.report is not None and reading.report.id != actor.report:
        return False
    who = Who.of(entity)
    if who in actor.whos:
        return True
    if who in actor.apart or entity.type == "place" or (who.country and actor.country and who.country != actor.country):
        return False
    return bare(entity.canonical or entity.name) in actor.names or bare(entity.name) in actor.names


def _is_body(words: str, actor: Actor) -> bool:
    """Whether words are the actor's name, or the name with offices of a state: `Oskara's foreign ministry`."""
    said = re.sub(r"['’]s?\b", "", bare(words))
    for name in actor.names:
        rest = re.sub(rf"\b{re.escape(name)}\b", " ", said)
        if rest != said and all(word in _OFFICIAL for word in rest.split()):
            return True
    return False
