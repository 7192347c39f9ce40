"""The reading of a report as its model gave it, as it is held now, and with what people corrected put over it.

Invariant: all of it happens in the transaction of the connection that is given; readings are only added.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.correcting import corrected
from dragoman.ledger.decisions import corrections_of
from dragoman.ledger.inserting import insert
from dragoman.ledger.schema import readings
from dragoman.records import Reading


def parsed(text: str) -> Reading:
    """A reading from its JSON."""
    return Reading.from_dict(json.loads(text))


def current(connection: Connection, report: str) -> Reading:
    """The reading of a report, named by its whole id, that holds now."""
    found = select(readings.c.reading).where(readings.c.report == report, *NOW.held())
    return parsed(connection.execute(found).scalar_one())


def as_read(connection: Connection, report: str, as_of: AsOf = NOW) -> Reading:
    """The last reading of a report as its model had given it then."""
    rows = select(readings.c.reading).where(readings.c.report == report, *as_of.recorded_by(readings.c.recorded_at))
    made = (parsed(text) for text in connection.execute(rows.order_by(readings.c.number.desc())).scalars())
    return next(reading for reading in made if not reading.corrections)


def amend(connection: Connection, given: Reading) -> Reading:
    """Adds what a model gave, with its corrections, over the current reading, unless that is it already."""
    made = corrected(given, corrections_of(connection, given.report.id))
    if made != current(connection, given.report.id):
        insert(connection, made)
    return made
