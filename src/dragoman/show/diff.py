"""What changed from one reading to another, on the screen."""

from __future__ import annotations

from collections import Counter

from rich.text import Text

from dragoman.compare.changes import Change, Changes
from dragoman.ledger.ids import SHOWN
from dragoman.records import MadeBy
from dragoman.show import wording
from dragoman.show.output import one_line
from dragoman.show.screen import QUIET, TITLE, Screen

MARGIN = SHOWN + 6


def put(screen: Screen, found: Changes) -> None:
    """Writes the report, who read it before and after, the text added and cut, and each mark that is other."""
    screen.put(Text(one_line(found.title or "Untitled report"), TITLE), MARGIN, Text(found.after[:SHOWN], QUIET))
    screen.put(one_line(f"{found.outlet or 'outlet unknown'}, {wording.day(found.published) or 'undated'}"), MARGIN)
    if found.before != found.after:
        screen.put(f"beside {found.before[:SHOWN]}", MARGIN)
    if found.made_before != found.made_after:
        screen.put(one_line(f"{_maker(found.made_before)} → {_maker(found.made_after)}"), MARGIN)
    screen.put(_summary(found), MARGIN)
    for what, passages in (("text added", found.added), ("text cut", found.cut)):
        for words in passages:
            screen.put(Text(f"{what}: ", QUIET).append(f"“{one_line(words)}”"), MARGIN)
    for change in found.marks:
        screen.put(_change(change), MARGIN, Text(change.id, QUIET))
    for correction in found.corrections:
        by = f" by {correction.decided_by}" if correction.decided_by else ""
        why = f": {correction.reason}" if correction.reason else ""
        screen.put(one_line(f"{correction.mark} {correction.field} corrected{by}{why}"), MARGIN)
    screen.put()


def _summary(found: Changes) -> str:
    counted = Counter((change.kind, change.what) for change in found.marks)
    plural = {"entity": "entities"}
    said = [f"{wording.many(n, kind, plural.get(kind))} {what}" for (kind, what), n in counted.items()]
    return ", ".join(said) or "nothing else is other"


def _change(change: Change) -> Text:
    said = Text(f"{change.kind} {change.what}: ", QUIET).append(f"“{one_line(change.words)}”")
    for field in change.fields:
        said.append(f" · {field.field} ", QUIET).append(one_line(f"{field.was or 'none'} → {field.now or 'none'}"))
    return said


def _maker(made: MadeBy) -> str:
    return f"{made.model}, Dragoman {made.version}"
