"""The first version of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from dragoman.ledger.columns import Text, create_index_of_any_length, unique_of_any_length

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes every table, parents first, and the full-text index."""
    _names()
    _reports()
    _readings()
    _attributions()
    _entities()
    _events()
    _counts()
    _participants()
    _full_text()


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")


def _names() -> None:
    op.create_table(
        "names",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("folded", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        *unique_of_any_length("folded"),
        comment="the words and names that somebody goes by, folded for search, each combination once",
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", Text(), nullable=False),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="every report that was ever read, and when the ledger first had it (UTC)",
    )


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("report", Text(), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.Column("version", Text(), nullable=False),
        sa.Column("model", Text(), nullable=False),
        sa.Column("model_sha256", Text(), nullable=False),
        sa.Column("title", Text(), nullable=True),
        sa.Column("outlet", Text(), nullable=True),
        sa.Column("outlet_folded", Text(), nullable=False),
        sa.Column("published", Text(), nullable=False),
        sa.Column("url", Text(), nullable=True),
        sa.Column("language", Text(), nullable=True),
        sa.Column("reading", Text(), nullable=False),
        sa.ForeignKeyConstraint(["report"], ["reports.id"]),
        sa.ForeignKeyConstraint(["supersedes"], ["readings.number"]),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("supersedes"),
        comment="what one model made of one copy of a report; `reading` is the public JSON",
    )
    create_index_of_any_length("readings_by_maker", "readings", ["report", "version", "model", "model_sha256"])
    create_index_of_any_length("readings_by_outlet", "readings", ["outlet_folded"])
    op.create_index(
        "readings_first",
        "readings",
        ["report"],
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    op.create_index("readings_by_date", "readings", [sa.text("published DESC"), "report"])


def _attributions() -> None:
    op.create_table(
        "attributions",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("cue", Text(), nullable=False),
        sa.Column("content", Text(), nullable=False),
        sa.Column("mode", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("entity", Text(), nullable=True),
        sa.Column("name", Text(), nullable=True),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.Column("addressee", Text(), nullable=True),
        sa.Column("stance", Text(), nullable=False),
        sa.Column("inside", Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["names"], ["names.number"]),
        sa.ForeignKeyConstraint(["reading"], ["readings.number"]),
        sa.PrimaryKeyConstraint("reading", "position"),
        comment="what a report hands to a source; `name` is the entity's",
    )
    op.create_index("attributions_by_kind", "attributions", ["kind", "reading"], unique=False)
    op.create_index("attributions_by_names", "attributions", ["names", "kind", "reading"], unique=False)


def _entities() -> None:
    op.create_table(
        "entities",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("name_folded", Text(), nullable=False),
        sa.Column("type", Text(), nullable=False),
        sa.Column("country", Text(), nullable=False),
        sa.Column("role", Text(), nullable=True),
        sa.Column("of", Text(), nullable=True),
        sa.Column("reference", Text(), nullable=True),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("receives", sa.Integer(), nullable=False),
        sa.Column("says", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["names"], ["names.number"]),
        sa.ForeignKeyConstraint(["reading"], ["readings.number"]),
        sa.PrimaryKeyConstraint("reading", "position"),
        comment="who a report names; how often it mentions them, they act, are acted on, and speak",
    )
    create_index_of_any_length(
        "entities_by_name", "entities", ["name_folded", "name", "type", "country", "names", "reading"]
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", Text(), nullable=False),
        sa.Column("trigger", Text(), nullable=False),
        sa.Column("type", Text(), nullable=False),
        sa.Column("mode", Text(), nullable=True),
        sa.Column("status", Text(), nullable=False),
        sa.Column("certainty", Text(), nullable=False),
        sa.Column("place", Text(), nullable=True),
        sa.Column("place_name", Text(), nullable=True),
        sa.Column("time", Text(), nullable=True),
        sa.Column("start", Text(), nullable=True),
        sa.Column("end", Text(), nullable=True),
        sa.Column("date_precision", Text(), nullable=True),
        sa.Column("attribution", sa.Integer(), nullable=True),
        sa.Column("rule", Text(), nullable=True),
        sa.Column("condition", Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["reading", "attribution"], ["attributions.reading", "attributions.position"]),
        sa.ForeignKeyConstraint(["reading"], ["readings.number"]),
        sa.PrimaryKeyConstraint("reading", "position"),
        comment="what happened, will happen or did not; `attribution` is the position of its holder",
    )
    op.create_index("events_by_status", "events", ["status", "reading"], unique=False)
    op.create_index("events_by_type", "events", ["type", "status", "reading"], unique=False)


def _counts() -> None:
    op.create_table(
        "counts",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("bound", Text(), nullable=False),
        sa.Column("words", Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
        sa.PrimaryKeyConstraint("reading", "event", "position"),
        comment="how many people were killed, wounded, arrested... in an event",
    )


def _participants() -> None:
    op.create_table(
        "participants",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("entity", Text(), nullable=True),
        sa.Column("name", Text(), nullable=True),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["names"], ["names.number"]),
        sa.ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
        sa.PrimaryKeyConstraint("reading", "event", "role", "position"),
        comment="the actors and recipients of events; `name` is the entity's",
    )
    op.create_index("participants_by_names", "participants", ["names", "role", "reading", "event"], unique=False)


def _full_text() -> None:
    """The words of the readings, which come folded, with single spaces between them.

    On SQLite an index without content of its own. On PostgreSQL the words, one more space before and after
    them, and what looks them up.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.create_table(
            "report_words",
            sa.Column("reading", sa.Integer(), nullable=False),
            sa.Column("words", Text(), nullable=False),
            sa.Column("lexemes", TSVECTOR(), nullable=False),
            sa.ForeignKeyConstraint(["reading"], ["readings.number"]),
            sa.PrimaryKeyConstraint("reading"),
            comment="the folded words of title and text, for search",
        )
        op.create_index("report_words_lexemes", "report_words", ["lexemes"], postgresql_using="gin")
        return
    op.execute("CREATE VIRTUAL TABLE report_words USING fts5 (words, content = '', columnsize = 0, tokenize = 'ascii')")
