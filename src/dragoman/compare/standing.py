"""How a source stands to an event: how it is said to know, and whether it is a party to it.

Invariant: both are told by words of the report, which are given; what no words tell is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from dragoman.compare.contradictions import PARTIES, Member
from dragoman.compare.speaking import is_pronoun, meant, words_of
from dragoman.compare.words import Words, names_in, stem, stems
from dragoman.records import Attribution, Entity, Participant, Reading

OFFICIAL_SECTORS = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG"})
TIES = frozenset({"office", "leader", "spokesperson", "envoy", "member", "part"})
"""Relations by which somebody belongs to a body or speaks for it; to be backed by it is none."""

_BODIES = stems(
    "ministry government presidency army military forces force troops navy brigade battalion regiment division unit "
    "guard guards police gendarmerie command council parliament senate court cabinet front movement union party "
    "federation alliance coalition militia group rebels insurgents fighters separatists junta office bureau embassy "
    "administration authority agency company association palace kremlin pentagon intelligence"
)
_OFFICES = stems(
    "minister president official officials spokesman spokeswoman spokesperson envoy ambassador diplomat diplomats "
    "governor mayor general colonel officer officers delegate prosecutor king prince chancellor premier"
)
_ACCESS = re.compile(
    r"\b(?:briefed (?:on|about|by)|familiar with|aware of|privy to|present (?:at|in|during|when)"
    r"|(?:direct |first-?hand |personal )?knowledge of|(?:with|had|has|have|having) (?:direct )?access to"
    r"|involved in|(?:taking|took|taken|takes?) part in|participa(?:ted|ting|nts?) (?:in|at)"
    r"|(?:seen|saw|read|reviewed|viewed|examined|inspected|heard|witnessed|watched|attended|survived|visited|reached|"
    r"entered|filmed|photographed|overheard|sat in on|received|drafted|wrote|signed|counted|treated)"
    r" (?:the|a|an|it|its|one|parts?|all|some|both|them|him|her|his|their|that|this|what|excerpts|copies|from|in|\d)"
    r"|(?:who|and) (?:was|were|had been|has been) (?:at|in|on|inside|there|aboard|among|nearby|near|outside)\b"
    r"|in the room|at the scene|who survived"
    r"|close to the (?:talks|negotiations|investigation|inquiry|case|matter|process)"
    r"|(?:eye-?)?witness(?:es)?|survivors?)\b",
    re.I,
)
_SAW = re.compile(
    r"^(?:saw|seen|sees|witnessed|watched|filmed|photographed|counted|overheard)$"
    r"|^(?:had |has |have )(?:seen|witnessed|watched|filmed|photographed|counted|overheard)$",
    re.I,
)
_I_SAW = re.compile(
    r"\b(?:I|[Ww]e)(?: have| had|'ve|’ve| myself| both| all)? (?:just )?(?:saw|seen|watched|heard|counted|witnessed|"
    r"(?:was|were) (?:there|in|at|on|inside|near|standing|sitting))\b"
)
_NOT = re.compile(r"\b(?:not|never|nor|neither|no|without|nobody|denied having)(?: \w+)?\W*$|n[’']t(?: \w+)?\s*$", re.I)
_GOES_ON = re.compile(r",? (?:who|which) [^,;.\n]{3,120}")
_CLAUSE = re.compile(
    r"\b(?:who|which|that|briefed|familiar|involved|aware|privy|close to|with (?:direct |first-?hand )?knowledge)\b"
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """Something known of a source, and the words that show it."""

    what: str
    words: str


def access(reading: Reading, said: Attribution) -> Shown | None:
    """How the source is said to know: by its description, by having been there, by what it says it saw itself.

    The description may stand at another attribution to the same source in the report, or at a mention of it. Whether
    it is access to this very event is not judged.
    """
    for words in _descriptions(reading, said):
        for match in _ACCESS.finditer(words):
            if not _NOT.search(words[: match.start()]):
                return Shown("access told", words)
    cue = " ".join(reading.words(span) for span in said.cue)
    if _SAW.search(cue):
        return Shown("said to have seen it", f"{words_of(reading, said)} {cue}")
    for span in said.content if said.mode in ("direct", "mixed") else ():
        if (found := _I_SAW.search(reading.words(span))) and not _NOT.search(reading.words(span)[: found.start()]):
            return Shown("says to have been there", found[0])
    return None


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody who acts or is acted upon in any telling of a happening, those told alike once.

    `known` has the words for each entity of each report, by both ids.
    """

    sides: tuple[Side, ...]
    known: Mapping[tuple[str, str], str]


def parties(members: Iterable[Member]) -> Parties:
    """The parties to a happening."""
    alike: dict[tuple[object, ...], Side] = {}
    known: dict[tuple[str, str], str] = {}
    for member in members:
        for someone in (*member.event.actors, *member.event.recipients):
            if side := Side.of(member, someone):
                alike.setdefault(side.told, side)
                if side.entity:
                    known.setdefault((side.report, side.entity.id), side.words)
    return Parties(tuple(alike.values()), known)


def party(member: Member, everybody: Parties) -> Shown | None:
    """Whom of the parties the source is, speaks for, belongs to, or has the country of.

    A country makes a party only of officials: who lives where shells fall is none.
    """
    source = Side.source(member)
    if source is None:
        return None
    if source.entity and (words := everybody.known.get((source.report, source.entity.id))):
        return Shown("a party", words)
    return next((Shown(what, other.words) for other in everybody.sides if (what := source.to(other))), None)


# --- access ---------------------------------------------------------------------------------------


def _descriptions(reading: Reading, said: Attribution) -> Iterator[str]:
    """The words of the source, also where the report names the same one elsewhere, each with a clause that goes on."""
    spans = list(said.source)
    if entity := meant(reading, words_of(reading, said), said.entity):
        others = (a for a in reading.attributions if a.entity == entity.id and a.kind == said.kind)
        spans += [span for other in others for span in other.source]
        spans += entity.mentions
    for start, end in dict.fromkeys(spans):
        more = _GOES_ON.match(reading.report.text, end)
        yield reading.report.text[start : more.end() if more else end]


# --- parties --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """Somebody as a report tells them: the words, whom they mean, and the bodies they are tied to in that report."""

    report: str
    words: str
    entity: Entity | None
    names: Words
    ties: tuple[str, ...] = ()

    @classmethod
    def of(cls, member: Member, someone: Participant) -> Side | None:
        """Somebody in an event; None for a pronoun that stands for nobody known."""
        words = member.reading.words(someone.span)
        entity = meant(member.reading, words, someone.entity)
        if is_pronoun(words):
            if entity is None:
                return None
            words = entity.name
        words = _CLAUSE.split(words)[0].split(",")[0]
        return cls(member.told.report, words, entity, names_in(words) & member.told.proper)

    @classmethod
    def source(cls, member: Member) -> Side | None:
        """Who vouches for an event, the outlet for what it says itself; None where nobody is told."""
        reading = member.reading
        said = reading.attribution(member.event.attribution)
        if said is None:
            outlet = reading.report.outlet
            return cls(member.told.report, outlet, None, names_in(outlet)) if outlet else None
        if not said.source:
            return None
        words = words_of(reading, said)
        entity = meant(reading, words, said.entity)
        if is_pronoun(words) and entity:
            words = entity.name
        words = _CLAUSE.split(words)[0]
        ties = tuple(_ties(reading, entity)) if entity else ()
        return cls(member.told.report, words, entity, names_in(words) & member.told.proper, ties)

    def to(self, other: Side) -> str | None:
        """What the source is to somebody in the event, if that makes it a party."""
        if self._is(other):
            return "a party"
        if any(_names(words, other) for words in (self.words, *self.ties)):
            return "speaks for or belongs to a party"
        if self._official and other._official and self._country and self._country == other._country:
            return "an official of the country of a party"
        return None

    @property
    def told(self) -> tuple[object, ...]:
        """All of it that `to` looks at, but for the report."""
        known = self.entity
        more = (known.type, known.sector, known.country, known.reference) if known else ()
        return (self.words, self.names, more)

    def _is(self, other: Side) -> bool:
        mine, its = self.entity, other.entity
        if mine is None or its is None:
            return False
        by_table = mine.reference is not None and mine.reference == its.reference
        return by_table or (mine.type == its.type and len(self.names) > 1 and self.names == other.names)

    @property
    def _official(self) -> bool:
        """Whether it is a state's or an armed body, or acts for one."""
        known = self.entity
        return known is not None and (known.type in PARTIES | {"country"} or known.sector in OFFICIAL_SECTORS)

    @property
    def _country(self) -> str | None:
        return self.entity.country if self.entity else None


def _ties(reading: Reading, entity: Entity) -> Iterator[str]:
    """The bodies that somebody belongs to or speaks for, as the report tells."""
    known = {one.id: one.name for one in reading.entities}
    for relation in reading.relations:
        if relation.subject == entity.id and relation.kind in TIES:
            if relation.object in known:
                yield known[relation.object]
            if relation.body:
                yield reading.words(relation.body)
    yield from (part for part in (entity.role, entity.of) if part)


def _names(words: str, other: Side) -> bool:
    """Whether words name a body or country: `army spokesman` does the army, `Oskara's foreign ministry` does Oskara."""
    kind = other.entity.type if other.entity else None
    if kind in ("person", "place"):
        return False
    told = stems(words)
    if other.names and other.names <= names_in(words):
        several = len(other.names) > 1 and kind not in (None, "country")  # one name may be that of a place
        return several or other.names == names_in(words) or bool(told & (_BODIES | _OFFICES))
    return any(
        body in told and not _conflict(_beside(words, body), _beside(other.words, body))
        for body in (stems(other.words) & _BODIES)
    )


def _conflict(one: Words, other: Words) -> bool:
    return bool(one and other) and not one & other


def _beside(words: str, body: str) -> Words:
    """Which body of its kind it is: {`velmari`} of `Velmari army`, {`littoral`, `union`} of `Council of the ...`."""
    told = _WORD.findall(words)
    for at, word in enumerate(told):
        if stem(word) == body:
            before = takewhile(stems, reversed(told[:at]))
            after = told[at + 2 :] if told[at + 1 : at + 2] == ["of"] else ()
            return stems(" ".join((*before, *after)))
    return frozenset()
