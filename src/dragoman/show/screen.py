"""A reading set for the terminal: events as calm blocks with the words that carry them, then the sources.

Invariant: nothing of a report reaches the terminal as a control character, and whatever a colour says
is said in words too. Without any style (a file, a pipe) the trigger stands between asterisks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from dragoman.records import Attribution, Entity, Event, Reading, Span
from dragoman.show import wording
from dragoman.show.cards import Card, Saying, Someone, cards, tied
from dragoman.show.output import flowing, one_line
from dragoman.show.sentences import sentence
from dragoman.show.voices import Voice, voices, words_of

MEASURE = 100
"""Characters of a line at most, however wide the terminal: longer lines are hard to follow."""

NARROWEST = 24
"""Columns of text at least: with fewer beside a label, the label goes above it."""

LABEL = 11
"""Columns of the label before a part of a block."""

TRIGGER, TITLE, QUIET, UNSURE = "bold underline", "bold", "dim", "yellow"
BEARING = {
    "verbal cooperation": "bold cyan",
    "material cooperation": "bold green",
    "verbal conflict": "bold yellow",
    "material conflict": "bold red",
}
STATES = {"ok": "green", "warning": "bold yellow", "failure": "bold red"}
REAL = ("occurred", "ongoing")


class Screen:
    """Writes to a terminal, or to a file without colours. Build it with `Screen.on`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = max(min(console.width, MEASURE), NARROWEST)
        self.styled = console.color_system is not None

    @classmethod
    def on(cls, stream: TextIO | None = None) -> Screen:
        """The screen on a stream, standard output by default; width and colours are the stream's own.

        NO_COLOR, FORCE_COLOR, COLUMNS and TERM=dumb are honoured.
        """
        return cls(Console(file=stream or sys.stdout, highlight=False, markup=False, emoji=False))

    def put(self, text: Text | str = "", indent: int = 0, first: Text | str = "") -> None:
        """Writes a paragraph, wrapped to the width; `first` stands before its first line, in the indent.

        Where that leaves too little room, `first` gets a line of its own.
        """
        said = text if isinstance(text, Text) else Text(text)
        margin = first if isinstance(first, Text) else Text(first)
        if self.width - indent < NARROWEST:
            indent = 2 if margin.plain.strip() else 0
            if indent:
                self._line(Text.assemble(margin.plain.strip()))
            margin = Text()
        for line in said.wrap(self._console, self.width - indent) or [Text()]:
            line.rstrip()
            self._line(Text.assemble(margin, " " * (indent - cell_len(margin.plain)), line))
            margin = Text()

    def _line(self, line: Text) -> None:
        line.rstrip()
        self._console.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)

    def labelled(self, label: str, text: Text | str, indent: int) -> None:
        """Writes a part of a block beside its label."""
        self.put(text, indent + LABEL, Text(" " * indent).append(label, QUIET))

    def check(self, name: str, state: str, found: str, cure: str = "") -> None:
        """Writes a line of `dragoman doctor`, and the cure where there is one."""
        self.put(one_line(found), 20, Text(f"{state:9}", STATES[state]).append(f"{name} "))
        if cure:
            self.put(Text("→ ").append(one_line(cure)), 20)

    # --- a reading ------------------------------------------------------------------------------

    def readings(self, readings: Iterable[Reading]) -> None:
        """Writes readings, two empty lines between them."""
        for number, reading in enumerate(readings):
            if number:
                self.put()
                self.put()
            self.reading(reading)

    def reading(self, reading: Reading) -> None:
        """Writes a reading: title and origin, each event, each source."""
        speaking = voices(reading)
        told = cards(reading, speaking)
        self.origin(reading)
        self.put()
        events, sources = wording.many(len(told), "event"), wording.many(len(speaking.all), "source")
        self.put(f"{events}, {sources}" if told or speaking.all else "No event and no source found.")
        indent = len(str(len(told))) + 3
        for card in told:
            self.put()
            self.event(reading, card, indent, f"{card.number:>{indent - 2}}")
        if told or speaking.all:
            self._sources(reading, speaking.all, sum(not card.sayings for card in told))

    def origin(self, reading: Reading) -> None:
        """Writes the title of a report, and where and when it was published."""
        report = reading.report
        self.put(Text(one_line(report.title or "Untitled report"), TITLE))
        day = wording.day(report.published) or "date of publication unknown"
        self.put(f"{one_line(report.outlet or 'outlet unknown')}, {day}")
        if report.url:
            self._line(Text(one_line(report.url), QUIET))  # never broken, so that it can be followed

    def event(self, reading: Reading, card: Card, indent: int = 0, number: str = "") -> None:
        """Writes one event as a block: what it is, its parts, who says so, and the exact words."""
        event = card.event
        kind = headline(event.type, event.mode, event.status, event.certainty, event.confidence)
        self.put(kind, indent, number)
        for label, text in _parts(reading, card):
            self.labelled(label, text, indent)
        self.labelled("words", quoted(reading, event.trigger, self.styled), indent)

    def _sources(self, reading: Reading, speaking: Sequence[Voice], own: int) -> None:
        rows = [(_said(voice), named(reading, voice)) for voice in speaking]
        if own:
            rows.append((wording.many(own, "event"), Text("the outlet itself")))
        wide = max(len(said) for said, _ in rows) + 3
        self.put()
        self.put(Text("Sources", TITLE))
        for said, name in rows:
            self.put(name, wide + 2, f"  {said}")

    # --- one attribution, one entity ----------------------------------------------------------------

    def attribution(self, reading: Reading, attribution: Attribution) -> None:
        """Writes one attribution: who, in which words, hands on what."""
        voice = voices(reading).of(attribution.id)
        head = named(reading, voice, counted=False) if voice else Text()
        head.append(f" · {wording.stance_name(attribution.stance)}, {wording.plain(attribution.mode)}")
        head.append_text(doubt(attribution.confidence))
        self.put(head)
        for label in ("source", "cue", "content"):
            spans = getattr(attribution, label)
            if spans:
                self.labelled(label, one_line(words_of(reading, spans)), 0)
        if attribution.addressee:
            self.labelled("told to", one_line(reading.words(attribution.addressee)), 0)
        for event in (event for event in reading.events if event.attribution == attribution.id):
            self.labelled(event.id, brief(event), 0)

    def entity(self, reading: Reading, entity: Entity) -> None:
        """Writes one entity: what the report calls it, and each mention in its sentence."""
        head = Text.assemble((one_line(entity.name), TITLE)).append(f" · {wording.plain(entity.type)}")
        told = [code for code in (entity.sector, entity.country) if code]
        self.put(head.append(f", {' '.join(told)}") if told else head)
        if entity.canonical and entity.canonical != entity.name:
            self.labelled("is", one_line(entity.canonical), 0)
        if entity.place:
            self.labelled("where", one_line(wording.located(entity.place)), 0)
        if role := _role(entity):
            self.labelled("role", role, 0)
        if entity.known_as:
            self.labelled("known as", one_line("; ".join(entity.known_as)), 0)
        for relation in reading.relations:
            if entity.id in (relation.subject, relation.object):
                self.labelled(wording.plain(relation.kind), one_line(tied(reading, relation)), 0)
        for span in entity.mentions:
            self.labelled("named", quoted(reading, span, self.styled), 0)


# --- the parts of a block -----------------------------------------------------------------------------


def headline(type: str, mode: str | None, status: str, certainty: str, confidence: float) -> Text:
    """What an event is: its codes as `--type` takes them, its status in words, doubt where there is some."""
    kind = " ".join(part for part in (type, mode) if part)
    head = Text.assemble((kind, BEARING.get(wording.bearing(type), TITLE)))
    head.append(" · ").append(wording.plain(status), "" if status in REAL else "bold")
    if certainty != "certain":
        head.append(f", {wording.plain(certainty)}")
    return head.append_text(doubt(confidence))


def doubt(confidence: float) -> Text:
    """That a mark is more likely wrong than right, where it is."""
    if confidence >= wording.LOW:
        return Text()
    return Text(" · ").append(f"low confidence, {wording.percent(confidence)}", UNSURE)


def brief(event: Event) -> Text:
    """An event in a few words."""
    return headline(event.type, event.mode, event.status, event.certainty, event.confidence)


def who(actors: Sequence[Someone], recipients: Sequence[Someone]) -> Text:
    """Who did it, an arrow, and to whom."""
    said = Text(" and ".join(map(_person, actors)))
    if recipients:
        if not actors:
            said.append("(no actor named)", QUIET)
        said.append(" → ", TITLE).append(" and ".join(map(_person, recipients)))
    return said


def quoted(reading: Reading, span: Span, styled: bool) -> Text:
    """The sentence of a span, with its words marked: by style, or by asterisks where there is none."""
    text, around = reading.report.text, sentence(reading.report.text, span)
    before, after = text[around.span[0] : span[0]], text[span[1] : around.span[1]]
    said = Text("… " if around.cut_before else "").append(flowing(before).lstrip())
    words = flowing(text[span[0] : span[1]])
    said.append(words if styled else f"*{words}*", TRIGGER)
    return said.append(flowing(after).rstrip()).append(" …" if around.cut_after else "")


def named(reading: Reading, voice: Voice, *, counted: bool = True) -> Text:
    """A source's name, the kind of one without a name, and the role that the report gives it."""
    said = Text.assemble((one_line(voice.name), "" if counted else TITLE))
    entity = reading.entity(voice.attributions[0].entity)
    role = _role(entity) if entity else ""
    if entity and not wording.tells(role, entity.name):
        said.append(f", {role}" if role else "")
    if voice.kind not in ("named", "none"):
        said.append(f" ({wording.kind_name(voice.kind)})")
    return said.append(" · low confidence", UNSURE) if counted and voice.unsure else said


def _role(entity: Entity) -> str:
    return one_line(" of ".join(part for part in (entity.role, entity.of) if part))


def _said(voice: Voice) -> str:
    statements = wording.many(len(voice.attributions), "statement")
    return f"{statements}, {wording.many(voice.events, 'event')}" if voice.events else statements


def _parts(reading: Reading, card: Card) -> Iterator[tuple[str, Text | str]]:
    """The label and the words of each part that the event has."""
    event = card.event
    if card.actors or card.recipients:
        yield "who", who(card.actors, card.recipients)
    if card.place:
        yield "where", where(card.place)
    if card.when:
        time = reading.words(event.time) if event.time else None
        yield "when", when(event.start, event.end, event.date_precision, time, event.date_reason)
    if card.counts:
        yield "count", ", ".join(card.counts)
    if event.rule:
        yield "rule", wording.plain(event.rule)
    if card.condition:
        yield "condition", one_line(card.condition)
    yield "source", _sources_of(card.sayings)


def where(place: Someone) -> str:
    """The words for a place, and the place they mean with its divisions and country, where that is known."""
    if place.place is None:
        return _person(place)
    told = wording.located(place.place)
    return one_line(told if wording.tells(told, place.words) else f"{place.words} ({told})")


def when(
    start: str | None, end: str | None, precision: str | None, words: str | None, reason: str | None = None
) -> str:
    """A date as exact as it is known, with the report's own words for it."""
    told = wording.when(start, end, precision, one_line(words or "") or None, reason)
    return f"{told} (“{one_line(words)}”)" if words and (start or end) else told


def _sources_of(sayings: Iterable[Saying]) -> str:
    """Who says so, and through whom the report has it."""
    return ", via ".join(map(_source_of, sayings)) or "the outlet itself"


def _source_of(saying: Saying) -> str:
    kind = wording.kind_name(saying.voice.kind) if saying.voice.kind not in ("named", "none") else ""
    stance = wording.stance_name(saying.stance) if saying.stance != "asserts" else ""
    remarks = ", ".join(remark for remark in (kind, stance) if remark)
    return one_line(saying.voice.name) + (f" ({remarks})" if remarks else "")


def _person(someone: Someone) -> str:
    return one_line(someone.words) + (f" ({one_line(someone.name)})" if someone.name else "")
