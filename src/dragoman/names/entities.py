"""Chains -> entities: the fullest name, whom it means in our tables, the type, country, sector, office and place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from dragoman.names import actors, countries, naming, places
from dragoman.names.actors import Meaning
from dragoman.names.mentions import Chain, chains, head
from dragoman.names.places.context import home_of
from dragoman.names.relations import office_in
from dragoman.records import CueMark, Entity, Marks, MentionMark, Place, Report, Span, TriggerMark

# What a label of the name leaves open: the votes of the mentions choose among these.
_BY_LABEL = {
    "Person": ("person",),
    "Location": ("country", "place", "government"),
    "Facility": ("place", "organization", "other"),
    "NORP": ("group", "country", "organization", "armed_group"),
    "Organization": ("organization", "government", "military", "armed_group", "outlet"),
}
_CLAUSE = re.compile(r",| who | which | that |\s[–—-]\s")
LONGEST = 80  # characters of a description that serves as a name
_LOCATED = ("Location", "Facility")


def entities(report: Report, marks: Marks) -> tuple[Entity, ...]:
    """The entities that the marks use, in the order in which they are first mentioned, N1 onwards."""
    used = set(_used(marks.cues, marks.triggers))
    kept = [
        chain
        for chain in chains(report.text, marks.mentions, marks.names)
        if any(marks.mentions[n].span in used for n in chain.mentions)
        and not all(naming.is_pronoun(report.text[slice(*marks.mentions[n].span)]) for n in chain.mentions)
    ]
    around = _Around.of(report, marks, kept)
    return tuple(_entity(f"N{number}", around, chain) for number, chain in enumerate(kept, start=1))


@dataclass(frozen=True, slots=True)
class _Around:
    """The report and its marks, the countries it names, and where its places are."""

    report: Report
    marks: Marks
    countries: tuple[str, ...]
    places: Mapping[Span, Place]

    @classmethod
    def of(cls, report: Report, marks: Marks, kept: Sequence[Chain]) -> _Around:
        """All names of places are placed together: they tell one another apart."""
        spans = {name.span for name in marks.names if name.label in _LOCATED}
        spans |= {
            marks.mentions[n].span for chain in kept for n in chain.mentions if _is_place(marks.mentions[n], chain)
        }
        ordered = sorted(spans)
        home = home_of(report.url)
        placed = zip(ordered, places.resolve(report.text, ordered, country=home), strict=True)
        named = Counter(code for name in marks.names for code in countries.codes_in(report.text[slice(*name.span)]))
        return cls(report, marks, tuple(named), {span: place for span, place in placed if place})

    def words(self, span: Span) -> str:
        """The words of a span."""
        return self.report.text[slice(*span)]


def _is_place(mention: MentionMark, chain: Chain) -> bool:
    """Whether a mention without a name of its own describes a place: northern Mali, a village near Kidul."""
    return mention.type in ("place", "country") and not chain.names


def _used(cues: Iterable[CueMark], triggers: Iterable[TriggerMark]) -> Iterable[Span]:
    for cue in cues:
        yield from cue.source
        if cue.addressee:
            yield cue.addressee
    for trigger in triggers:
        yield from (*trigger.actors, *trigger.recipients)
        if trigger.place:
            yield trigger.place


def _entity(id: str, around: _Around, chain: Chain) -> Entity:
    mentions = [around.marks.mentions[n] for n in chain.mentions]
    described = [around.words(m.span) for m in mentions if not naming.is_pronoun(around.words(m.span))]
    named = [around.words(name.span) for name in chain.names]
    kind = _type(around, chain, mentions)
    name = _fullest(named) if named else _description(described)
    role, body = _office(around, mentions) if kind == "person" else (None, None)
    meaning = _meaning(around, kind, named, described, body)
    place = _place(around, chain, mentions) if kind in ("place", "country") else None
    if kind == "country" and place and place.kind != "country":
        kind = "place"
    others = dict.fromkeys(naming.clean(words) if named else _description([words]) for words in (named or described))
    return Entity(
        id=id,
        name=name,
        type=meaning.type if meaning.reference and meaning.type else kind,
        country=(place.country if place else None) or meaning.country,
        sector=None if kind == "place" else meaning.sector,
        role=role,
        of=body,
        known_as=tuple(words for words in others if words != name),
        reference=meaning.reference,
        canonical=place.name if place and _is_known(place) else meaning.canonical,
        place=place,
        mentions=tuple(dict.fromkeys(mention.span for mention in mentions)),
    )


def _fullest(named: Sequence[str]) -> str:
    return naming.clean(max(named, key=lambda words: len(naming.clean(words).split())))


def _type(around: _Around, chain: Chain, mentions: Sequence[MentionMark]) -> str:
    """What most mentions say, among the types that the name's label allows; a country's name is a country."""
    if not chain.is_person and any(countries.is_country(around.words(name.span)) for name in chain.names):
        return "country"
    votes = Counter(mention.type for mention in mentions)
    label = Counter(name.label for name in chain.names).most_common(1)
    allowed = _BY_LABEL.get(label[0][0], ()) if label else ()
    among = [kind for kind in votes if kind in allowed] or allowed or list(votes)
    if label and label[0][0] == "Location":
        among = [kind for kind in among if kind != "country"] or ["place"]
    return max(among, key=lambda kind: votes[kind])


def _meaning(around: _Around, kind: str, named: Sequence[str], described: Sequence[str], body: str | None) -> Meaning:
    """What the names tell, then the descriptions, then the body: each may add what those before leave open.

    A person's name tells an office only, and no country: Chad Wolf is of no country for his name.
    """
    found = Meaning()
    for meant in _meanings(around, kind, named, described, body):
        found = Meaning(*(getattr(found, f.name) or getattr(meant, f.name) for f in fields(Meaning)))
        if found.country and found.sector:
            break
    return found


def _meanings(
    around: _Around, kind: str, named: Sequence[str], described: Sequence[str], body: str | None
) -> Iterator[Meaning]:
    day = around.report.published
    for words in sorted(dict.fromkeys(named), key=len, reverse=True):
        meant = actors.resolve(words, day, around.countries)
        if kind != "person" or meant.type == "person":  # Wagner, who resigned, is no militia
            yield meant
    # a description names whom somebody belongs to, never whom it means: Hezbollah fighters are not Hezbollah
    for words in dict.fromkeys(described):
        bare = _without(words, named) if kind == "person" else words
        meant = actors.resolve(bare, day, around.countries)
        yield Meaning(meant.country, meant.sector)
    if body:
        yield Meaning(country=actors.resolve(body, day, around.countries).country)


def _place(around: _Around, chain: Chain, mentions: Sequence[MentionMark]) -> Place | None:
    """Where it is: by its fullest name that is known, else by a description."""
    spans = sorted((name.span for name in chain.names), key=lambda span: span[0] - span[1])
    spans += [mention.span for mention in mentions]
    return next((place for span in spans if (place := around.places.get(span))), None)


def _is_known(place: Place) -> bool:
    """Whether the gazetteer knows the place itself, and not only about where a name must lie."""
    return place.geonames_id is not None or place.precision not in ("near", "province")


def _description(described: Sequence[str]) -> str:
    """The fullest description, cut at the first clause that hangs on it."""
    said = max(described, key=len)
    short = _CLAUSE.split(said, maxsplit=1)[0].strip()
    bare = " ".join((short or said).split()).strip('“”"‘’;:,. ')
    return bare if len(bare) <= LONGEST else bare[:LONGEST].rsplit(" ", 1)[0] + "…"


def _without(words: str, named: Sequence[str]) -> str:
    """A description without the names in it."""
    for name in sorted(named, key=len, reverse=True):
        words = words.replace(name, " ")
    return words


def _office(around: _Around, mentions: Sequence[MentionMark]) -> tuple[str | None, str | None]:
    """The first office that a mention gives a person beside the name, and the body: (prime minister, Iraq)."""
    for mention in mentions:
        name = head(around.report.text, mention.span, around.marks.names)
        if office := office_in(around.report.text, mention.span, name.span if name else None):
            return office.role, " ".join(around.words(office.body).split()) if office.body else None
    return None, None
