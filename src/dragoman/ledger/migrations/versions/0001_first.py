"""The first version of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

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
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("folded"),
        comment="the words and names that somebody goes by, folded for search, each combination once",
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="every report that was ever read, and when the ledger first had it (UTC)",
    )


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("model_sha256", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("outlet_folded", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report"], ["reports.id"]),
        sa.ForeignKeyConstraint(["supersedes"], ["readings.number"]),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("supersedes"),
        comment="what one model made of one copy of a report; `reading` is the public JSON",
    )
    op.create_index("readings_by_maker", "readings", ["report", "version", "model", "model_sha256"], unique=False)
    op.create_index("readings_by_outlet", "readings", ["outlet_folded"], unique=False)
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
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=True),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("inside", sa.Text(), nullable=True),
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
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("of", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
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
    op.create_index(
        "entities_by_name",
        "entities",
        ["name_folded", "name", "type", "country", "names", "reading"],
        unique=False,
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("time", sa.Text(), nullable=True),
        sa.Column("start", sa.Text(), nullable=True),
        sa.Column("end", sa.Text(), nullable=True),
        sa.Column("date_precision", sa.Text(), nullable=True),
        sa.Column("attribution", sa.Integer(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
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
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("bound", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
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
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["names"], ["names.number"]),
        sa.ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
        sa.PrimaryKeyConstraint("reading", "event", "role", "position"),
        comment="the actors and recipients of events; `name` is the entity's",
    )
    op.create_index("participants_by_names", "participants", ["names", "role", "reading", "event"], unique=False)


def _full_text() -> None:
    """An index without content of its own; the words come folded, with single spaces between them."""
    op.execute("CREATE VIRTUAL TABLE report_words USING fts5 (words, content = '', columnsize = 0, tokenize = 'ascii')")
