"""What the words in and around a place name ask for: what kind of place, inside what, how near to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.names.naming import clean as clean_name
from dragoman.records import Span

KINDS = {
    "country": "country nation kingdom",
    "admin1": "province state governorate oblast region prefecture territory emirate canton voivodeship republic",
    "admin2": "county co. district department raion rayon parish borough regency municipality tehsil subdistrict",
    "city": "city town village capital hamlet suburb neighborhood neighbourhood settlement township port quarter"
    " locality enclave stronghold metropolis",
    "feature": "island islands river lake sea ocean strait gulf bay mountain mountains mount valley desert camp canal"
    " dam peninsula forest crossing base airbase archipelago delta cape reef shoal",
}
"""The kind of place that a word after or before a name tells."""

NO_PLACES = frozenset(
    "north south east west northern southern eastern western central northeast northwest southeast southwest arab arabs"
    " islamic congress parliament capitol downtown city town village capital university college valley coast"
    " lakes centre center federal commonwealth state republic national international new old north-west".split()
) | {"city hall", "high school", "west wing"}
"""What is no name of a place by itself, though settlements bear it."""

_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}
_KIND = "|".join(re.escape(word) for word in sorted(_KIND_OF, key=len, reverse=True))
_DIVISIONS = "|".join((KINDS["admin1"] + " " + KINDS["admin2"]).split())
_FACILITIES = (
    "airport airfield airbase base hospital prison jail camp port harbor harbour university college school"
    " station mosque cathedral church court plant dam crossing bridge stadium museum zoo market road border"
    " checkpoint garrison barracks courthouse hall centre center street streets waterfront metro subway avenue"
    " drive lane boulevard highway square park club hotel inn restaurant theater theatre arena library cemetery"
    " graveyard elementary high tower plaza mall embassy consulate institute academy monastery temple shrine"
    " synagogue clinic factory refinery terminal building house estate complex gallery memorial racecourse golf"
    " pub cafe way circle expressway motorway parkway route garden gardens farm intersection junction campus"
).split()
_FACILITY = re.compile(rf"\b(?:{'|'.join(_FACILITIES)})s?\Z", re.I)
_FACILITY_OF = re.compile(rf"\b(?:{'|'.join(_FACILITIES)}) (?:of|in|at) (?:the )?(?P<name>[A-Z].*)\Z", re.I)
_SIDE = re.compile(
    r"\A(?:(?:north|south|east|west|mid)(?:[- ]?(?:east|west|central))?(?:ern)?(?:most)?|central|inner|outer|upper"
    r"|lower|downtown|uptown|rural|mainland|greater|metropolitan|old|suburban|coastal|midtown)[- ](?P<name>.+)\Z",
    re.I,
)
_SIDE_BEFORE = re.compile(
    r"\b(?:(?:north|south|east|west)[- ]?(?:east|west|central)?(?:ern)?(?:most)?|central|rural|mainland)"
    r" (?:part of )?(?:the )?\Z",
    re.I,
)
_TYPE_AFTER_NAME = re.compile(rf"\A(?P<name>.+?)['’]?s? (?P<kind>{_KIND})\Z", re.I)
_TYPE_BEFORE_NAME = re.compile(rf"\A(?:the )?(?P<kind>{_KIND}) (?:of )?(?:the )?(?P<name>.+)\Z", re.I)
_AFTER = re.compile(rf"\A(?:['’]s)? (?P<kind>{_KIND})(?!\w)", re.I)
_BEFORE = re.compile(rf"\b(?P<kind>{_KIND})(?: of)?(?: the)? \Z", re.I)
_TOWN_BEFORE = re.compile(
    r"\b(?:(?:centers?|centres?|suburbs|outskirts|edges?|streets|residents|mayors?) of(?: the)?|downtown) \Z", re.I
)
_TOWN_AFTER = re.compile(r"\A(?:['’]s (?:\w+ )?(?:streets|suburbs|outskirts|mayor|downtown)| mayor)\b", re.I)
_PART_OF_TOWN = re.compile(
    r"\A(?i:(?:[\w-]+ )?(?:centers?|centres?|suburbs?|outskirts|edges?|streets?|port|harbou?r) of (?:the )?"
    r"(?:(?:city|town|port) of )?)(?P<name>[A-Z].*)\Z"
)
_PREPOSITION = re.compile(r"\A(?i:in|at|near|inside|outside|around) (?P<name>[A-Z].*)\Z")
_DOWNTOWN = re.compile(r"\A(?:downtown|uptown|midtown|suburban|metropolitan)[- ]", re.I)
_NAMES = r"(?P<inside>[A-Z][\w.’'-]*(?: (?:(?:of|and|the|al|el|de) )?[A-Z][\w.’'-]*){0,3})"
_SIDES = r"(?:(?:north|south|east|west|cent)[\w-]* )?"
_INSIDE_AFTER = re.compile(
    rf"\A(?:,| ?\(|,? in(?: the)?|,? (?:{_KIND})(?:,| in|,? of)?) ?(?:the )?{_SIDES}(?:(?:{_KIND}) of )?(?:the )?"
    rf"{_NAMES}(?:,? (?:{_DIVISIONS}))?(?:, {_NAMES.replace('inside', 'around')})?"
)
_INSIDE_BEFORE = re.compile(rf"{_NAMES}(?:['’]s?)? {_SIDES}(?:\w+ )?(?:(?:{_KIND})(?: of)? )?(?:the )?\Z")
_AWAY = re.compile(
    r"(?:\b(?:near|outside|nearby|close to|outskirts of|vicinity of|off|off the coast of)"
    r"|\b(?:km|kms|kilomet(?:er|re)s?|miles?|mi)\b[^.;]{0,40} (?:of|from|outside))(?: the)?(?: \w+ of)? \Z",
    re.I,
)
_AWAY_FROM = re.compile(r"\A(?:[\w-]+ )?(?:outskirts|edge) of |\A(?:near|outside) ", re.I)
_ROAD = re.compile(r"\A[A-Z]{1,2}-?\d{1,4}\Z")
_BETWEEN = re.compile(r"\s*(?:,|\n|\(|\)|;)\s*|\s+and\s+|(?<=\w)/(?=\w)")
WORD = re.compile(r"[\w.’'-]*\w\.?")
_REACH = 80  # characters before and after a name that may tell of it
LONGEST = 120  # characters of a place name; longer ones are none


@dataclass(frozen=True, slots=True)
class Asked:
    """What one mention asks for: `names` to look up until one is known, each with the kind that its other words tell.

    `kind` is told by the words around it; `inside` are the names of what it lies in, innermost first; `side` is true of
    a part of it (northern Mali), `away` of a spot some way from it (10 km north of Kidal).
    """

    name: str
    names: tuple[tuple[str, str | None], ...]
    kind: str | None
    inside: tuple[str, ...]
    side: bool
    away: bool


def clean(words: str) -> str:
    """A place name without determiner, possessive ending and what stands around it; full stops stay in Ill. and U.S."""
    bare = clean_name(words)
    return bare + "." if words.strip(" ,;:\"”’'").endswith(f"{bare}.") and len(bare) <= 6 else bare


def asked(text: str, span: Span) -> Asked:
    """What the mention at the span asks for."""
    start, end = span
    name = clean(text[start : min(end, start + LONGEST)])
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    head, *within = [part.strip() for part in name.split(",")]
    away = bool(_AWAY.search(before) or _AWAY_FROM.match(name))
    kind = _kind(_AFTER.match(after)) or _kind(_BEFORE.search(before))
    if kind is None and (away or _TOWN_BEFORE.search(before) or _TOWN_AFTER.match(after)):
        kind = "city"
    return Asked(
        name,
        _names(name, head),
        kind,
        (*filter(None, within), *_inside(before, after)),
        bool(_SIDE_BEFORE.search(before)),
        away,
    )


def side_of(name: str) -> str | None:
    """What a name of a part is a part of: Mali for northern Mali."""
    match = _SIDE.match(name)
    return match["name"] if match else None


def _names(name: str, head: str) -> tuple[tuple[str, str | None], ...]:
    """The name as it is, then without words that only describe."""
    names: list[tuple[str, str | None]] = [(name, None)]
    if head and head != name:
        names.append((head, None))
    if name.endswith("."):
        names.append((name[:-1], None))
    if (match := _TYPE_AFTER_NAME.match(head)) or (match := _TYPE_BEFORE_NAME.match(head)):
        names.append((match["name"], _KIND_OF[match["kind"].lower()]))
    if match := _PART_OF_TOWN.match(head):
        names.append((match["name"], "city"))
    if match := _PREPOSITION.match(head):
        names.append((match["name"], None))
    if part := side_of(head):
        names.append((part, "city" if _DOWNTOWN.match(head) else None))
        if match := _TYPE_AFTER_NAME.match(part):
            names.append((match["name"], _KIND_OF[match["kind"].lower()]))
    return tuple(names)


def pieces_of(name: str) -> list[Span]:
    """The spans between commas and `and`, without words that tell a side: Alvin and Texas in `Alvin, Texas`."""
    pieces, start = [], 0
    for match in (*_BETWEEN.finditer(name), None):
        end = match.start() if match else len(name)
        if end > start:
            piece = name[start:end]
            side = _SIDE.match(piece)
            pieces.append((start + (side.start("name") if side and piece[:1].islower() else 0), end))
        start = match.end() if match else end
    return pieces


def is_named(name: str) -> bool:
    """Whether the words are a proper name: a capital and at least three letters, or a road's number (A417)."""
    return (sum(map(str.isalpha, name)) > 2 and any(map(str.isupper, name))) or bool(_ROAD.match(name))


def is_facility(name: str) -> bool:
    """Whether a name is that of a building, road or the like, by its words."""
    return bool(_FACILITY.search(name) or _FACILITY_OF.search(name) or _ROAD.match(name))


def within(name: str) -> tuple[str, ...]:
    """Names that may stand in a longer one, the likeliest first: Kabul in Kabul International Airport."""
    found = [match["name"]] if (match := _FACILITY_OF.search(name)) else []
    words = name.split()
    return (*found, *(" ".join(words[:length]) for length in range(min(4, len(words) - 1), 0, -1)))


def _kind(match: re.Match[str] | None) -> str | None:
    return _KIND_OF[match["kind"].lower()] if match else None


def _inside(before: str, after: str) -> tuple[str, ...]:
    """The names that the text puts it into: Aden, in southern Yemen; the Syrian city of Aleppo; Syria's Aleppo."""
    found = []
    if match := _INSIDE_AFTER.match(after):
        found += [match["inside"], match["around"]]
    if match := _INSIDE_BEFORE.search(before):
        found.append(match["inside"])
    return tuple(clean(name) for name in found if name)
