"""What the text tells of somebody and a body: `Iraqi Prime Minister X`, `the armed wing of Y`, `backed by Z`.

Invariant: a relation stands in words of the report, which it keeps; nothing comes from our own tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dragoman.names import countries, naming
from dragoman.records import Entity, Relation, Span, TimeExpression

_ROLE = (
    r"(?:(?:former|then|ex|outgoing|incoming|late|newly elected|acting|deputy|vice|interim|prime|foreign|interior|"
    r"defen[cs]e|finance|health|justice|chief|chief of|secretary|attorney|police|army|military|"
    r"opposition|party|rebel|company)[ -])*"
    r"(?:president|premier|minister|chancellor|king|queen|prince|governor|mayor|judge|justice|ambassador|envoy|"
    r"secretary|secretary[ -]general|spokes(?:man|woman|person)|director|commander|chairman|chairwoman|chair|leader|"
    r"head|lawyer|attorney|senator|general|colonel|prosecutor|commissioner|representative|prefect|bishop|"
    r"archbishop|chief)(?:[ -]general)?\b(?![’']s)"
)
_OFFICE = re.compile(rf"\b(?<!of )(?<!to )(?<!for )(?<!of the )(?<!to the )(?<!for the ){_ROLE}", re.IGNORECASE)
_NAME = r"[A-Z][\w’'.-]*(?:(?:\s+(?:of|for|the|and))*\s+[A-Z][\w’'.-]*)*"
_BODY = re.compile(rf"\s*(?:of|for|at|to)\s+(?:the\s+)?(?P<body>{_NAME})")
_KINDS = (
    ("spokesperson", re.compile(r"spokes(?:man|woman|person)", re.IGNORECASE)),
    ("envoy", re.compile(r"ambassador|envoy|representative|lawyer|attorney", re.IGNORECASE)),
    ("leader", re.compile(r"\b(?:leader|head|chief|commander|chair(?:man|woman)?|director)\b", re.IGNORECASE)),
)
_MEMBER = re.compile(
    rf"\b(?P<role>(?i:members?|fighters?|militants?|supporters?|politicians?|lawmakers?|deput(?:y|ies)|officials?|soldiers?))"
    rf"\s+(?:of|with|from|in|for)\s+(?:the\s+)?(?P<body>{_NAME})"
)
_PART = re.compile(
    rf"\b(?P<role>(?:(?:armed|military|political|youth|local|regional)\s+)?(?:wing|branch|affiliate|offshoot|faction|arm|"
    rf"unit|splinter|ally))\s+(?:group\s+)?of\s+(?:the\s+)?(?P<body>{_NAME})"
)
_BACKED = re.compile(
    r"\b(?!The\b)(?P<body>[A-Z][\w.]*(?: [A-Z]\w+)?)-"
    r"(?P<role>backed|supported|funded|trained|aligned|sponsored|allied)\b"
    rf"|\b(?P<role2>backed|supported|funded|trained|armed|sponsored)\s+by\s+(?:the\s+)?(?P<body2>{_NAME})"
)
_INCLUDING = re.compile(r"\s*,?\s*(?:including|such as|among them|namely|[:(])\s*")
_JOINT = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+|\s+as well as\s+)(?:the\s+)?")
_APPOSED = re.compile(r",\s+(?:the|an?|who (?:is|was)(?: an?| the)?|a member of)\s[^,.;:()“”\"]{3,90}(?=[,.;:)])")
_SINCE = re.compile(r"\s*,?\s*(?:in (?:office|power|charge)\s+)?(?:since|from|until|between)\b")
LONGEST = 200  # characters of a mention that are looked at


@dataclass(frozen=True, slots=True)
class Office:
    """An office that words give: the role as it is told, and the body it is of, where they name it."""

    role: str
    body: Span | None


@dataclass(frozen=True, slots=True)
class _Known:
    """The entities of the report by the spans that mention them, where these begin, and by their names."""

    by_span: Mapping[Span, Entity]
    by_start: Mapping[int, Span]
    by_name: Mapping[str, Entity]

    @classmethod
    def of(cls, entities: Sequence[Entity]) -> _Known:
        """Of one name the entity that comes first."""
        by_span = {span: entity for entity in entities for span in entity.mentions}
        names = {n.casefold(): e for e in reversed(entities) for n in (e.name, *e.known_as)}
        return cls(by_span, {start: (start, end) for start, end in by_span}, names)


def office_in(text: str, span: Span, name: Span | None) -> Office | None:
    """The office in the words of a span, beside the name: (prime minister, Iraq)."""
    end = min(span[1], span[0] + LONGEST)
    for office in _OFFICE.finditer(text, span[0], end):
        if name and name[0] <= office.start() < name[1]:
            continue
        body = _BODY.match(text, office.end(), end)
        if body is None and name and office.end() <= name[0]:
            body = _BODY.match(text, name[1], end)  # ex-President John Dowd of Ghana
        return Office(office[0].lower(), body.span("body") if body else _before(text, (span[0], office.start()), name))
    return None


def _before(text: str, span: Span, name: Span | None) -> Span | None:
    """The body that is named before an office: the Houthi military spokesman, Iraqi Prime Minister."""
    start = max(span[0], name[1]) if name and name[1] <= span[1] else span[0]
    words = text[start : span[1]].rstrip(" ,")
    bare = naming.clean(words)
    if not (bare[:1].isupper() or countries.country_of(bare)):
        return None
    at = words.rfind(bare)
    return (start + at, start + at + len(bare)) if bare and at >= 0 else None


def relations(text: str, entities: Sequence[Entity], times: Sequence[TimeExpression]) -> tuple[Relation, ...]:
    """What a report tells of its entities and bodies, in the order of its words, R1 onwards."""
    known = _Known.of(entities)
    found: dict[tuple[str, str, str], Relation] = {}
    for span, entity in sorted(known.by_span.items(), key=lambda item: item[0]):
        for relation in _told(text, span, entity, known):
            body = text[slice(*relation.body)].casefold() if relation.body else ""
            found.setdefault((relation.subject, relation.kind, relation.object or body), _dated(text, relation, times))
    ordered = sorted(found.values(), key=lambda relation: (relation.words, relation.subject))
    return tuple(replace(relation, id=f"R{number}") for number, relation in enumerate(ordered, start=1))


def _told(text: str, span: Span, entity: Entity, of: _Known) -> Iterator[Relation]:
    """What one mention tells, and the apposition after it."""
    pieces = [(span[0], min(span[1], span[0] + LONGEST))]
    if apposed := _APPOSED.match(text, span[1]):
        pieces.append(apposed.span())
    for piece in pieces:
        if entity.type == "person" and (office := office_in(text, piece, _own_name(text, piece, entity))):
            yield _relation(text, entity, _kind(office.role), office.role, office.body, piece, of)
        for kind, pattern in (("member", _MEMBER), ("part", _PART), ("backed", _BACKED)):
            for match in pattern.finditer(text, *piece):
                which = "2" if kind == "backed" and match["body2"] else ""
                role, body = match[f"role{which}"], match.span(f"body{which}")
                yield _relation(text, entity, kind, role.lower(), body, piece, of)
    yield from _listed(text, span, entity, of)


def _own_name(text: str, piece: Span, entity: Entity) -> Span | None:
    at = text.find(entity.name, *piece)
    return (at, at + len(entity.name)) if at >= 0 else None


def _kind(role: str) -> str:
    return next((kind for kind, form in _KINDS if form.search(role)), "office")


def _listed(text: str, span: Span, whole: Entity, of: _Known) -> Iterator[Relation]:
    """Seven armed factions, including X, Y and Z: each is one of them."""
    joint = _INCLUDING.match(text, span[1])
    if whole.type in ("person", "place", "country") or joint is None:
        return
    at = joint.end()
    if text.startswith("the ", at):
        at += 4
    while (listed := of.by_start.get(at)) and of.by_span[listed] is not whole:
        yield Relation("", of.by_span[listed].id, "member", whole.id, None, span, (span[0], listed[1]))
        joint = _JOINT.match(text, listed[1])
        if joint is None:
            return
        at = joint.end()


def _relation(text: str, subject: Entity, kind: str, role: str, body: Span | None, words: Span, of: _Known) -> Relation:
    """A relation with the entity that its body is, where it is one of the report's."""
    named = text[slice(*body)].casefold() if body else None
    known = of.by_span.get(body) if body else None
    if known is None and named:
        known = of.by_name.get(named)
    return Relation("", subject.id, kind, known.id if known and known is not subject else None, role, body, words)


def _dated(text: str, relation: Relation, times: Sequence[TimeExpression]) -> Relation:
    """The relation with its days, where words inside it or right after it tell them: since 2019, from 2010 to 2014."""
    after = _SINCE.match(text, relation.words[1])
    end = after.end() + 40 if after else relation.words[1]
    within = [t for t in times if relation.words[0] <= t.span[0] and t.span[1] <= end]
    known = {t.period: t.span[0] for t in reversed(within) if t.period.precision != "unresolved"}
    if len(known) != 1 or relation.kind == "backed":
        return relation
    [(period, at)] = known.items()
    before = text[max(0, at - 8) : at].casefold()
    if "since" in before:
        return replace(relation, start=period.start)
    if "until" in before:
        return replace(relation, end=period.end)
    return (
        replace(relation, start=period.start, end=period.end) if "from" in before or "between" in before else relation
    )
