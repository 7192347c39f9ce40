"""Whether an event may be told as fact, where nothing can be said of its doubt."""

from __future__ import annotations

from dragoman.compare.contradictions import HAPPENED, VOUCHES
from dragoman.records import LOW, Event, Reading


def doubt(reading: Reading, event: Event) -> str | None:
    """Why an event cannot be told as fact: the model is more likely wrong than right; or, of what is told as happening,
    its source calls it only possible, or anybody who hands it on denies, disputes or will not confirm it. Else None.
    """
    if event.confidence < LOW:
        return "the model is unsure of them"
    if event.status not in HAPPENED:
        return None
    if event.certainty == "possible":
        return "only possible, as their source says"
    if not VOUCHES.issuperset(one.stance for one in reading.around(event.attribution)):
        return "a source denies, disputes or will not confirm them"
    return None
