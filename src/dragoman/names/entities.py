"""Chains -> entities: the fullest name, the type, the country where words settle it, and a person's office."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from dragoman.names import actors, countries
from dragoman.names.mentions import Chain, chains, head
from dragoman.records import CueMark, Entity, Marks, MentionMark, Span, TriggerMark

# What a label of the name leaves open: the votes of the mentions choose among these.
_BY_LABEL = {
    "Person": ("person",),
    "Location": ("country", "place", "government"),
    "Facility": ("place", "organization", "other"),
    "NORP": ("group", "country", "organization", "armed_group"),
    "Organization": ("organization", "government", "military", "armed_group", "outlet"),
}
_OFFICE = re.compile(
    r"\b(?<!of )(?<!to )(?<!for )(?<!of the )(?<!to the )(?<!for the )"
    r"(?:(?:former|then|ex|outgoing|incoming|late|newly elected|acting|deputy|vice|interim|prime|foreign|interior|"
    r"defen[cs]e|finance|health|justice|chief|chief of|secretary|attorney|police|army|military|"
    r"opposition|party|rebel|company)[ -])*"
    r"(?:president|premier|minister|chancellor|king|queen|prince|governor|mayor|judge|justice|ambassador|envoy|"
    r"secretary|secretary[ -]general|spokes(?:man|woman|person)|director|commander|chairman|chairwoman|chair|leader|"
    r"head|lawyer|attorney|senator|general|colonel|prosecutor|commissioner|representative|prefect|bishop|"
    r"archbishop|chief)(?:[ -]general)?\b(?![’']s)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\s*(?:of|for|at|to)\s+(?:the\s+)?(?P<body>[A-Z][\w’'.-]*(?:(?:\s+(?:of|for|the))*\s+[A-Z][\w’'.-]*)*)"
)
_CLAUSE = re.compile(r",| who | which | that |\s[–—-]\s")
LONGEST = 80  # characters of a description that serves as a name


def entities(text: str, marks: Marks) -> tuple[Entity, ...]:
    """The entities that the marks use, in the order in which they are first mentioned, N1 onwards."""
    used = set(_used(marks.cues, marks.triggers))
    kept = [
        chain
        for chain in chains(text, marks.mentions, marks.names)
        if any(marks.mentions[n].span in used for n in chain.mentions)
        and not all(actors.is_pronoun(text[slice(*marks.mentions[n].span)]) for n in chain.mentions)
    ]
    return tuple(_entity(f"N{number}", text, marks, chain) for number, chain in enumerate(kept, start=1))


def _used(cues: Iterable[CueMark], triggers: Iterable[TriggerMark]) -> Iterable[Span]:
    for cue in cues:
        yield from cue.source
        if cue.addressee:
            yield cue.addressee
    for trigger in triggers:
        yield from (*trigger.actors, *trigger.recipients)
        if trigger.place:
            yield trigger.place


def _entity(id: str, text: str, marks: Marks, chain: Chain) -> Entity:
    mentions = [marks.mentions[n] for n in chain.mentions]
    described = [text[slice(*m.span)] for m in mentions if not actors.is_pronoun(text[slice(*m.span)])]
    named = [text[slice(*name.span)] for name in chain.names]
    kind = _type(text, chain, mentions)
    name = (
        actors.clean(max(named, key=lambda words: len(actors.clean(words).split())))
        if named
        else _description(described)
    )
    role, body = _office(text, mentions, marks, chain) if kind == "person" else (None, None)
    others = dict.fromkeys(actors.clean(words) if named else _description([words]) for words in (named or described))
    return Entity(
        id=id,
        name=name,
        type=kind,
        country=_country("" if kind == "person" else name, body, [_without(words, named) for words in described], kind),
        role=role,
        of=body,
        known_as=tuple(words for words in others if words != name),
        mentions=tuple(dict.fromkeys(mention.span for mention in mentions)),
    )


def _type(text: str, chain: Chain, mentions: Sequence[MentionMark]) -> str:
    """What most mentions say, among the types that the name's label allows; a country's name is a country."""
    if not chain.is_person and any(countries.is_country(text[slice(*name.span)]) for name in chain.names):
        return "country"
    votes = Counter(mention.type for mention in mentions)
    label = Counter(name.label for name in chain.names).most_common(1)
    allowed = _BY_LABEL.get(label[0][0], ()) if label else ()
    among = [kind for kind in votes if kind in allowed] or allowed or list(votes)
    if label and label[0][0] == "Location":
        among = [kind for kind in among if kind != "country"] or ["place"]
    return max(among, key=lambda kind: votes[kind])


def _description(described: Sequence[str]) -> str:
    """The fullest description, cut at the first clause that hangs on it."""
    said = max(described, key=len)
    short = _CLAUSE.split(said, maxsplit=1)[0].strip()
    bare = " ".join((short or said).split()).strip('“”"‘’;:,. ')
    return bare if len(bare) <= LONGEST else bare[:LONGEST].rsplit(" ", 1)[0] + "…"


def _without(words: str, named: Sequence[str]) -> str:
    """A description without the names in it: Chad Wolf is of no country for his name."""
    for name in sorted(named, key=len, reverse=True):
        words = words.replace(name, " ")
    return words


def _country(name: str, body: str | None, described: Iterable[str], kind: str) -> str | None:
    """The country that name, body or the mentions name; None where they name several."""
    for words in (name, body or ""):
        if code := countries.country_of(words):
            return code
    if kind == "place":
        return None  # `the Turkish border` lies in Syria as well
    found = dict.fromkeys(code for words in described for code in countries.codes_in(_CLAUSE.split(words)[0]))
    return next(iter(found)) if len(found) == 1 else None


def _office(text: str, mentions: Sequence[MentionMark], marks: Marks, chain: Chain) -> tuple[str | None, str | None]:
    """The office that a mention gives a person beside the name, and the body: (prime minister, Iraq)."""
    for mention in mentions:
        words = text[slice(*mention.span)]
        name = head(text, mention.span, marks.names)
        beside = words if name is None else words.replace(text[slice(*name.span)], " ", 1)
        if office := _OFFICE.search(beside[:200]):
            body = _BODY.match(beside, office.end())
            before = actors.clean(beside[: office.start()])
            country = countries.country_of(before)
            led = body["body"] if body else before if before[:1].isupper() or country else None
            return office[0].lower(), " ".join(led.split()) if led else None
    return None, None
