"""What the page needs: accounts with their sessions, tokens and audit list; saved searches; happenings as rows.

And what was decided at one stroke, and marks by how unsure the model is of them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from dragoman.ledger.columns import Text, create_index_of_any_length
from dragoman.ledger.folding import fold
from dragoman.ledger.inserting import name_numbers

revision = "0004"
down_revision = "0003"

_AT_ONCE = 5000
"""Events that are held in memory while their places are named."""


def upgrade() -> None:
    """Adds tables for accounts, searches and acts, and indexes for what pages ask; findings are made anew."""
    _findings()
    _accounts()
    _searches()
    _places()
    create_index_of_any_length("readings_by_url", "readings", ["url"])
    _pictures()
    op.create_index("entities_by_id", "entities", ["reading", "id"], unique=False)
    _review()


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text(), nullable=null)


def _numbered(table: str, *columns: sa.Column[Any] | sa.ForeignKeyConstraint, comment: str) -> None:
    op.create_table(
        table,
        sa.Column("number", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("number"),
        comment=comment,
    )


def _accounts() -> None:
    _numbered(
        "users",
        _text("name"),
        _text("password"),
        _text("role"),
        _text("decided_by"),
        _text("recorded_at"),
        comment="who may use a shared ledger: the latest row of a name holds; an empty role may do nothing",
    )
    op.create_index("users_by_name", "users", ["name"], unique=False)
    _numbered(
        "tokens",
        _text("name"),
        _text("user"),
        _text("sha256"),
        _text("scope"),
        _text("expires_at"),
        _text("decided_by"),
        _text("recorded_at"),
        comment="by which programs ask in a user's name; the latest row of a hash holds; an empty scope may do nothing",
    )
    op.create_index("tokens_by_sha256", "tokens", ["sha256"], unique=False)
    _numbered(
        "sessions",
        sa.Column("account", sa.Integer(), nullable=False),
        _text("sha256"),
        _text("expires_at"),
        _text("recorded_at"),
        sa.ForeignKeyConstraint(["account"], ["users.number"]),
        comment="who is signed in, by which row of users: it holds while that is the latest; deleted when it ends",
    )
    op.create_index("sessions_by_sha256", "sessions", ["sha256"], unique=False)
    _numbered(
        "audit",
        _text("user"),
        _text("action"),
        _text("subject"),
        _text("outcome"),
        _text("address"),
        _text("recorded_at"),
        comment="what was done through the page, its addresses and the commands about accounts, by whom and from where",
    )


def _searches() -> None:
    _numbered(
        "searches",
        _text("owner"),
        _text("name"),
        _text("asked"),
        _text("decided_by"),
        _text("recorded_at"),
        comment="searches to come back to: the latest row of an owner's name holds, empty when it was given up; "
        "without an owner it is everybody's",
    )


def _pictures() -> None:
    op.create_index("events_by_start", "events", [sa.text('coalesce(start, "end")'), "reading"])
    located = sa.text("located IS NOT NULL")
    op.create_index(
        "events_located", "events", ["reading", "position"], sqlite_where=located, postgresql_where=located
    )  # fmt: skip


def _findings() -> None:
    op.drop_table("tellings")
    op.drop_table("findings")
    op.execute("DELETE FROM comparisons")
    op.create_table(
        "findings",
        sa.Column("comparison", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("id"),
        sa.Column("reports", sa.Integer(), nullable=False),
        _text("finding"),
        _text("row", null=True),
        _text("told_last", null=True),
        _text("disputed_on", null=True),
        sa.Column("disputes", sa.Integer(), nullable=False),
        sa.Column("independent", sa.Integer(), nullable=False),
        sa.Column("unnamed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["comparison"], ["comparisons.number"]),
        sa.PrimaryKeyConstraint("comparison", "position"),
        comment="one copy tree or happening; `finding` is JSON, and so is `row`, what lists show of a happening",
    )
    op.create_table(
        "tellings",
        sa.Column("comparison", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["comparison", "finding"], ["findings.comparison", "findings.position"]),
        sa.ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
        sa.PrimaryKeyConstraint("comparison", "reading", "event"),
        comment="the events that tell a happening",
    )
    op.create_index("tellings_of_finding", "tellings", ["comparison", "finding"])


def _places() -> None:
    # written out, since Alembic adds no column with a reference on SQLite, which can do so
    op.execute("ALTER TABLE events ADD COLUMN place_names INTEGER REFERENCES names (number)")
    op.add_column("events", _text("place_country", null=True))
    _call_places(op.get_bind())
    op.create_index("events_by_place", "events", ["place_names", "reading"])
    create_index_of_any_length("events_by_country", "events", ["place_country", "reading"])


def _call_places(connection: sa.Connection) -> None:
    """Fills the new columns as `flatten` does, some thousands of events at a time."""
    numbers = (sa.column(name, sa.Integer()) for name in ("reading", "position"))
    words = (sa.column(name, sa.Text()) for name in ("place", "place_name"))
    events = sa.table("events", *numbers, *words, sa.column("located", sa.JSON())).c
    key, after = sa.tuple_(events.reading, events.position), (0, -1)
    told = sa.or_(events.place.is_not(None), events.place_name.is_not(None))
    columns = (events.reading, events.position, events.place, events.place_name, events.located)
    filled = sa.text(
        "UPDATE events SET place_names = :names, place_country = :country "
        "WHERE reading = :reading AND position = :event"
    )
    while True:
        asked = sa.select(*columns).where(told, key > sa.tuple_(*map(sa.literal, after))).order_by(*columns[:2])
        rows = connection.execute(asked.limit(_AT_ONCE)).all()
        if not rows:
            return
        called = [_called(row.place, row.place_name, (row.located or {}).get("name")) for row in rows]
        named = name_numbers(connection, sorted(set(called)))
        connection.execute(
            filled,
            [
                {
                    "names": named[words],
                    "country": (row.located or {}).get("country"),
                    "reading": row.reading,
                    "event": row.position,
                }
                for row, words in zip(rows, called, strict=True)
            ],
        )
        after = (rows[-1].reading, rows[-1].position)


def _called(*names: str | None) -> str:
    return "\n".join(sorted({fold(name) for name in names if name}))


def _review() -> None:
    op.create_table(
        "acts",
        sa.Column("number", sa.Integer(), nullable=False),
        _text("did"),
        _text("of"),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        _text("reason"),
        _text("decided_by"),
        _text("recorded_at"),
        sa.PrimaryKeyConstraint("number"),
        sa.ForeignKeyConstraint(["undoes"], ["acts.number"]),
        sa.UniqueConstraint("undoes"),
        comment="what somebody decided at one stroke: rows of a table, from first to last; or the act it takes back",
    )
    for table in ("events", "attributions"):
        op.create_index(f"{table}_by_doubt", table, [sa.text("abs(confidence - 0.5)"), "reading"], unique=False)
