"""Tolls over time as a small chart: a step line for each source, a bar where a range is told.

Invariant: a chart shows dated numbers only and adds none; what is undated stands in the table alone. Lengths are in
units of the picture's own, `WIDTH` by `HEIGHT`, which a page may draw at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dragoman.compare.contradictions import Toll
from dragoman.ledger.folding import fold
from dragoman.show import wording

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 30, 26, 16, 24
TINTS = 8
"""Colours of sources that base.css has; a ninth source has that of the first."""
OPEN = 14
"""Length of the bar of a number that is open at one end."""
LETTER = 6.0
"""Width of a figure in a label, about."""


@dataclass(frozen=True, slots=True)
class Point:
    """A number as told: its colour, what it says, and where it stands in the chart; None where it has no day."""

    toll: Toll
    tint: int
    said: str
    x: float | None
    y: float | None
    top: float | None
    bottom: float | None
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The steps of one source, as the `d` of an SVG path."""

    tint: int
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is told of one kind of toll; without `lines` where less than two days are told."""

    kind: str
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    most: int
    first: str | None
    last: str | None

    @property
    def is_drawn(self) -> bool:
        """Whether there is a time over which to draw it."""
        return self.first is not None and self.first != self.last


def charts(tolls: Sequence[Toll]) -> Iterator[Chart]:
    """A chart for each kind of toll, in the order in which they are told."""
    for kind in dict.fromkeys(toll.kind for toll in tolls):
        yield _chart(kind, [toll for toll in tolls if toll.kind == kind])


def _chart(kind: str, tolls: Sequence[Toll]) -> Chart:
    days = sorted(day for toll in tolls if (day := _day(toll)))
    most = max((value for toll in tolls for value in (toll.low, toll.high) if value is not None), default=0)
    voices = {voice: n for n, voice in enumerate(dict.fromkeys(_voice(toll) for toll in tolls))}
    span = (days[0], days[-1]) if days else None
    points = [_point(toll, voices[_voice(toll)] % TINTS + 1, span, most) for toll in tolls]
    lines = [
        Line(n % TINTS + 1, path)
        for voice, n in voices.items()
        if (path := _steps([p for p in points if _voice(p.toll) == voice]))
    ]
    first, last = (date.fromordinal(day).isoformat() for day in span) if span else (None, None)
    return Chart(kind, tuple(_labelled(points)), tuple(lines), most, first, last)


def _point(toll: Toll, tint: int, span: tuple[int, int] | None, most: int) -> Point:
    said = _short(toll)
    day = _day(toll)
    if day is None or span is None or (toll.low is None and toll.high is None):
        return Point(toll, tint, said, None, None, None, None)
    x = LEFT + (WIDTH - LEFT - RIGHT) * (day - span[0]) / max(1, span[1] - span[0])
    low, high = (_height(value, most) if value is not None else None for value in (toll.low, toll.high))
    y = low if low is not None else high
    assert y is not None
    top = high if high is not None else y - OPEN
    bottom = low if low is not None else y + OPEN
    return Point(toll, tint, said, round(x, 1), round(y, 1), round(top, 1), round(bottom, 1))


def _height(value: int, most: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / max(1, most)


def _steps(points: Sequence[Point]) -> str:
    """A line that keeps each number until the next is told."""
    places = sorted((p.x, n, p.y) for n, p in enumerate(points) if p.x is not None and p.y is not None)
    if len(places) < 2:
        return ""
    (x, _, y), *rest = places
    return f"M{x} {y}" + "".join(f"H{x}V{y}" for x, _, y in rest)


def _labelled(points: Iterable[Point]) -> Iterator[Point]:
    """The points, those labelled whose labels have room beside the labels before."""
    taken: list[tuple[float, float, float]] = []
    for one in points:
        if one.x is None or one.y is None:
            yield one
            continue
        start, end = one.x + 5, one.x + 5 + LETTER * len(one.said)
        free = all(end < low or start > high or abs(one.y - y) > 11 for low, high, y in taken)
        if free:
            taken.append((start, end, one.y))
        yield Point(one.toll, one.tint, one.said, one.x, one.y, one.top, one.bottom, free)


def _short(toll: Toll) -> str:
    """A number as a label has room for: 14, 14+, 3–9, up to 30."""
    low, high = toll.low, toll.high
    if low is not None and high is not None:
        return wording.number(low) if low == high else f"{wording.number(low)}–{wording.number(high)}"
    if low is not None:
        return f"{wording.number(low)}+"
    return f"≤{wording.number(high)}" if high is not None else "?"


def _voice(toll: Toll) -> tuple[str, str]:
    """Whose number it is; who is told of in two outlets may be two."""
    return fold(toll.claim.voice or ""), fold(toll.claim.outlet or "")


def _day(toll: Toll) -> int | None:
    try:
        return date.fromisoformat(toll.claim.published or "").toordinal()
    except ValueError:
        return None
