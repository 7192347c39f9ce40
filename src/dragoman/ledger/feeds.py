"""Feeds that are watched: how each stands, and which of its entries have been fetched.

Invariant: an entry is due once when it is new and once for each edit, whatever feeds it stands in: of several with one
address the next is due only when nothing came of the one before. Unlike reports, a feed and its entries are rows that
are written over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from dragoman.errors import NotFound
from dragoman.ledger.flatten import storable_row
from dragoman.ledger.folding import storable
from dragoman.ledger.schema import entries, feeds

MOST_VERSIONS = 10
"""Edits of one entry that are fetched: a feed that counts comments would have its articles fetched without end."""
MOST_TRIES = 5
"""Times that an article which fails for now is tried."""
RHYTHM = timedelta(days=28)
"""How far before its last entry a feed's rhythm reaches back: several weekends are in it."""
RHYTHM_ENTRIES = 30
"""Latest entries that are always in the rhythm: those of a weekly feed reach further back."""

_AT_ONCE = 500
_HOUR = len("2031-03-04T05")
_FIRST = "1990-01-01"
"""There was no web before: what is dated so has no date (some write 1 January 1970)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFeed:
    """How a feed stands. Times are in UTC (ISO 8601), '' for never.

    `address` is the one given, `current_address` the one it has moved to; `minutes` what it asks to be left alone for.
    After the first of `failures` in a row, at `failing_since`, the last is told in `trouble`. A feed that is gone is
    `stopped`.
    `within` is whether it may lead into the user's own network: the user named it, or a list that lies there.
    """

    number: int
    address: str
    current_address: str
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    minutes: int = 0
    checked_at: str = ""
    next_at: str = ""
    failures: int = 0
    failing_since: str = ""
    trouble: str = ""
    stopped: bool = False
    within: bool = True


_KEPT = [feeds.c[name] for name in KeptFeed.__dataclass_fields__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a feed says of an entry; `digest` is another one when it was edited."""

    id: str
    address: str
    title: str
    published: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An entry whose article is to be fetched, by its number, and how often it was tried."""

    number: int
    id: str
    address: str
    title: str
    published: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What came of a feed: how many articles with a report, and the moments that tell its rhythm (UTC), the last first.

    They are those of its latest entries, each once, and of the weeks before that the last of each hour.
    """

    articles: int
    moments: tuple[str, ...]


def kept(connection: Connection) -> list[KeptFeed]:
    """Every feed, in the order in which they came."""
    return [KeptFeed(**row._mapping) for row in connection.execute(select(*_KEPT).order_by(feeds.c.number))]


def by_number(connection: Connection, number: int) -> KeptFeed:
    """A feed. NotFound."""
    row = connection.execute(select(*_KEPT).where(feeds.c.number == number)).one_or_none()
    if row is None:
        raise _not_there(number)
    return KeptFeed(**row._mapping)


def watch(connection: Connection, address: str, title: str, now: str, *, within: bool = True) -> None:
    """Has a feed watched from now on; one that was stopped, or only comes to be `within`, is tried again."""
    known = select(feeds.c.stopped, feeds.c.within).where(feeds.c.address == storable(address))
    there = connection.execute(known).one_or_none()
    if there is None:
        new = asdict(KeptFeed(number=0, address=address, current_address=address, title=title, within=within))
        del new["number"]
        connection.execute(insert(feeds), storable_row({**new, "recorded_at": now}))
    elif there.stopped or (within and not there.within):
        anew = {"stopped": False, "next_at": "", "current_address": address, "within": within or there.within}
        connection.execute(update(feeds).where(feeds.c.address == storable(address)).values(**anew))


def keep(connection: Connection, feed: KeptFeed) -> None:
    """Writes down how a feed stands. NotFound."""
    changed = asdict(feed)
    number = changed.pop("number")
    if not connection.execute(update(feeds).where(feeds.c.number == number).values(**storable_row(changed))).rowcount:
        raise _not_there(number)


def note(connection: Connection, feed: int, told: Sequence[Told], now: str) -> None:
    """Writes down the entries of a feed as it has them; what is new or edited is due."""
    last = connection.execute(select(func.max(entries.c.recorded_at)).where(entries.c.feed == feed)).scalar() or _FIRST
    for start in range(0, len(told), _AT_ONCE):
        some = told[start : start + _AT_ONCE]
        ids = [storable(one.id) for one in some]
        known = {
            row.id: row
            for row in connection.execute(select(entries).where(entries.c.feed == feed, entries.c.id.in_(ids)))
        }
        for one in some:
            there = known.get(storable(one.id))
            if there is None:
                _add(connection, feed, one, _moment(one.published, last, now), now)
            elif there.digest != one.digest:
                _edited(connection, there, one)


def due(connection: Connection, feed: int) -> list[Due]:
    """The entries of a feed that are due, the oldest first."""
    columns = [entries.c[name] for name in Due.__dataclass_fields__]
    found = select(*columns).where(entries.c.feed == feed, entries.c.due).order_by(entries.c.moment, entries.c.number)
    return [Due(**row._mapping) for row in connection.execute(found)]


def done(connection: Connection, one: Due, report: str | None, trouble: str = "", *, again: bool = False) -> None:
    """Writes down what became of an entry that was due: its report, or what was wrong; `again` if that may pass."""
    changed = {"due": again and one.tries + 1 < MOST_TRIES, "tries": one.tries + 1, "trouble": trouble}
    if report:
        changed = {"due": False, "tries": 0, "trouble": "", "report": report}
    elif not changed["due"]:
        _hand_on(connection, one)
    connection.execute(update(entries).where(entries.c.number == one.number).values(**storable_row(changed)))


def output(connection: Connection, feed: int) -> Output | None:
    """What came of a feed, None where it has no entries yet."""
    moments = _moments(connection, feed)
    counted = select(func.count(entries.c.report.distinct())).where(entries.c.feed == feed)
    return Output(articles=int(connection.execute(counted).scalar_one()), moments=moments) if moments else None


def latest(connection: Connection) -> dict[int, str]:
    """The moment of the last entry of each feed that has any (UTC), by its number."""
    found = select(entries.c.feed, func.max(entries.c.moment)).group_by(entries.c.feed)
    return {row[0]: row[1] for row in connection.execute(found)}


def _not_there(number: int) -> NotFound:
    return NotFound(f"no feed {number} in the ledger", "see `dragoman feeds`")


def _moments(connection: Connection, feed: int) -> tuple[str, ...]:
    e = entries.c
    newest = select(e.moment).where(e.feed == feed).order_by(e.moment.desc()).limit(RHYTHM_ENTRIES)
    latest = connection.execute(newest).scalars().all()
    if not latest:
        return ()
    start = (datetime.fromisoformat(latest[0]) - RHYTHM).isoformat(timespec="seconds")
    hourly = (
        select(func.max(e.moment)).where(e.feed == feed, e.moment >= start).group_by(func.substr(e.moment, 1, _HOUR))
    )
    return tuple(sorted({*latest, *connection.execute(hourly).scalars()}, reverse=True))


def _add(connection: Connection, feed: int, one: Told, moment: str, now: str) -> None:
    same = _with_address(connection, one)
    row = {
        **asdict(one),
        "feed": feed,
        "moment": moment,
        "due": not any(map(_in_hand, same)),
        "tries": 0,
        "versions": 1,
        "report": next((row.report for row in same if row.report), None),
        "trouble": "",
        "recorded_at": now,
    }
    connection.execute(insert(entries), storable_row(row))


def _edited(connection: Connection, there: Any, one: Told) -> None:
    fetched = any(row.digest == one.digest and _in_hand(row) for row in _with_address(connection, one))
    again = not fetched and there.versions < MOST_VERSIONS
    changed = {**asdict(one), "versions": there.versions + again, "due": there.due or again, "tries": 0}
    connection.execute(update(entries).where(entries.c.number == there.number).values(**storable_row(changed)))


def _with_address(connection: Connection, one: Told) -> list[Any]:
    """The entries of whatever feeds that lead to the same page."""
    if not one.address:
        return []
    columns = [entries.c[name] for name in ("report", "digest", "due", "trouble")]
    same = select(*columns).where(entries.c.address == storable(one.address)).limit(_AT_ONCE)
    return list(connection.execute(same))


def _in_hand(row: Any) -> bool:
    """Whether an entry's article has been fetched or will be."""
    return row.due or (row.report is not None and not row.trouble)


def _hand_on(connection: Connection, one: Due) -> None:
    """Has the next entry with the address of one that came to nothing fetched: its feed may have the text."""
    e = entries.c
    untried = (e.address == storable(one.address), e.number != one.number, ~e.due, e.tries == 0, e.trouble == "")
    next = select(func.min(e.number)).where(e.address != "", *untried, e.report.is_(None))
    connection.execute(update(entries).where(e.number == next.scalar_subquery()).values(due=True))


def _moment(published: str, last: str, now: str) -> str:
    """When an entry came that was seen `now`, in UTC, as near as that is known.

    That is when it says itself, unless that is still to come, or before the `last` time that others came, when it was
    not there: some feeds date what they add by the event or by the day.
    """
    try:
        said = datetime.fromisoformat(published)
        moment = said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return now
    return moment if last < moment <= now else now
