"""Events and attributions as W3C Web Annotations: a page of them (AnnotationPage, JSON-LD).

Invariant: an annotation points into the text as Dragoman read it, which its state names by its SHA-256, in code points;
`exact` is `text[start:end]`. The page at the report's address may have other words around it: whoever shows an
annotation there has to find the quotation, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Reading, Report, Span
from dragoman.show import wording
from dragoman.show.cards import Card, Saying, cards, chain_of, sayings
from dragoman.show.exports.about import statement
from dragoman.show.exports.naming import maker_iri, maker_name, mark_iri, text_iri
from dragoman.show.exports.selected import Selected, selected
from dragoman.show.headlines import in_words, names
from dragoman.show.output import as_json
from dragoman.show.search import Search
from dragoman.show.voices import voices, words_of

Node = dict[str, Any]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
SAID = (
    "What Dragoman marked in news reports. start and end count Unicode code points, end-exclusive, in the text that "
    "state.cached names by its SHA-256 (UTF-8), not in the page at the address of the report."
)

AROUND, MOST_AROUND = 32, 512
"""Characters on each side of a quotation, doubled while they do not tell it apart, and at most."""


def annotation_page(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """The marks that a search finds, an annotation a line within one page."""
    return _page(search, selected(ledger, search), statement(ledger, search))


def _page(search: Search, found: Iterator[Selected], about: Mapping[str, str]) -> Iterator[bytes]:
    asked = sha256(search.query().encode()).hexdigest()[:16]
    collection = {
        "id": f"urn:dragoman:annotations:{asked}",
        "type": "AnnotationCollection",
        "label": f"{SAID} {about['coded_by']}. {about['rights']}",
        "rights": about["license"],
        "generator": {"id": "urn:dragoman", "type": "Software", "name": about["generator"]},
    }
    head = {
        "@context": CONTEXT,
        "id": f"{collection['id']}:1",
        "type": "AnnotationPage",
        "partOf": collection,
        "startIndex": 0,
    }
    yield as_json(head)[:-1].encode() + b',"items":['
    between = b"\n"
    for one in found:
        for annotation in of_report(one):
            yield between + as_json(annotation).encode()
            between = b",\n"
    yield b"\n]}\n"


def of_report(one: Selected) -> Iterator[Node]:
    """The annotations of one report, its events first."""
    reading = one.reading
    speaking = voices(reading)
    wanted = {event.id for event in one.events}
    for card in cards(reading, speaking):
        if card.event.id in wanted:
            yield _annotation(reading, card.event.id, _event_bodies(reading, card), [card.event.trigger])
    for said in one.attributions:
        bodies = _said_bodies(reading, said, sayings(reading, speaking, said.id))
        yield _annotation(reading, said.id, bodies, said.quotation)


def _annotation(reading: Reading, mark: str, bodies: Sequence[Node], spans: Sequence[Span]) -> Node:
    targets = [_words(reading.report, span) for span in spans] or [_whole(reading.report)]
    people = dict.fromkeys(note.decided_by for note in reading.corrections if note.mark == mark and note.decided_by)
    made_by = {"id": maker_iri(reading.made_by), "type": "Software", "name": maker_name(reading.made_by)}
    makers = [made_by, *({"type": "Person", "name": name} for name in people)]
    return {
        "id": mark_iri(reading.report, mark),
        "type": "Annotation",
        "motivation": "describing",
        "creator": makers if people else made_by,
        "body": bodies,
        "target": targets if len(targets) > 1 else targets[0],
    }


# --- what they say --------------------------------------------------------------------------------


def _event_bodies(reading: Reading, card: Card) -> list[Node]:
    event, chain = card.event, card.sayings
    days = [event.start if event.start == event.end else f"{event.start or '..'}/{event.end or '..'}"]
    tags = [
        *_tags(event, "type", "mode", "status", "certainty"),
        *(f"actor:{name}" for name in names(reading, event.actors)),
        *(f"recipient:{name}" for name in names(reading, event.recipients)),
        *([f"place:{card.place.name or card.place.words}"] if card.place else []),
        *(f"date:{day}" for day in days if day and day != "../.."),
        *_tags(event, "date_precision", "rule"),
        *(f"count:{words}" for words in card.counts),
        *_source_tags(chain),
        *_tags(event, "confidence"),
    ]
    linked = [_link(reading.report, event.attribution)] if chain and event.attribution else []
    return [_text(in_words(reading, card)), *map(_tag, tags), *linked]


def _said_bodies(reading: Reading, said: Attribution, chain: Sequence[Saying]) -> list[Node]:
    told = f"{wording.stance_name(said.stance).capitalize()}, {said.mode}: {chain_of(chain)}"
    tags = [*_tags(said, "mode"), *_source_tags(chain), *_tags(said, "confidence")]
    sources = [{"purpose": "identifying", **_words(reading.report, span)} for span in said.source]
    linked = [_link(reading.report, said.inside)] if len(chain) > 1 and said.inside else []
    if said.cue:
        tags.append(f"cue:{words_of(reading, said.cue)}")
    return [_text(told), *map(_tag, tags), *sources, *linked]


def _source_tags(chain: Sequence[Saying]) -> list[str]:
    if not chain:
        return ["voice:the outlet itself"]
    said = chain[0].attribution
    passed_on = [f"cited_by:{one.voice.name}" for one in chain[1:]]
    return [f"voice:{chain[0].voice.name}", f"source_kind:{said.kind}", f"stance:{said.stance}", *passed_on]


def _tags(mark: Any, *fields: str) -> list[str]:
    return [f"{field}:{value}" for field in fields if (value := getattr(mark, field)) is not None]


def _tag(value: str) -> Node:
    return {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": value}


def _text(value: str) -> Node:
    return {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "language": "en", "value": value}


def _link(report: Report, mark: str) -> Node:
    """The attribution that holds a mark."""
    return {"type": "SpecificResource", "purpose": "linking", "source": mark_iri(report, mark)}


# --- where they point -----------------------------------------------------------------------------


def _words(report: Report, span: Span) -> Node:
    selectors = [quotation(report.text, span), {"type": "TextPositionSelector", "start": span[0], "end": span[1]}]
    return {**_whole(report), "selector": selectors}


def _whole(report: Report) -> Node:
    """The text that was read: at the report's address, where a browser may be sent there, in the state as it was."""
    text = text_iri(report)
    address = wording.web_address(report.url)
    return {"type": "SpecificResource", "source": address or text, "state": {"type": "TimeState", "cached": text}}


def quotation(text: str, span: Span) -> Node:
    """Some words with as much of what stands around them as tells them apart, up to `MOST_AROUND` on each side."""
    start, end = span
    around = AROUND
    while True:
        low, high = max(0, start - around), min(len(text), end + around)
        quoted = text[low:high]
        alone = text.find(quoted) == low and text.find(quoted, low + 1) < 0
        if alone or around >= MOST_AROUND:
            break
        around *= 2
    return {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[low:start],
        "suffix": text[end:high],
    }
