"""Sectors, places and relations; why a date is not known; counts with both ends and who is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dragoman.ledger.columns import Text, create_index_of_any_length

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds columns and a table; counts get a low and a high end instead of one value."""
    op.add_column("entities", sa.Column("sector", Text(), nullable=True))
    op.add_column("entities", sa.Column("located", sa.JSON(), nullable=True))
    op.add_column("events", sa.Column("located", sa.JSON(), nullable=True))
    op.add_column("events", sa.Column("date_reason", Text(), nullable=True))
    _counts()
    _relations()
    _judgements()


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")


def _counts() -> None:
    op.rename_table("counts", "counts_0001")
    if op.get_bind().dialect.name == "postgresql":  # else the new table's key would be counts_pkey1
        op.execute("ALTER INDEX counts_pkey RENAME TO counts_0001_pkey")
    op.create_table(
        "counts",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("bound", Text(), nullable=False),
        sa.Column("who", Text(), nullable=True),
        sa.Column("attribution", Text(), nullable=True),
        sa.Column("words", Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
        sa.PrimaryKeyConstraint("reading", "event", "position"),
        comment="how many people were killed, wounded, arrested... in an event; NULL where the number is open",
    )
    op.execute(
        "INSERT INTO counts SELECT reading, event, position, kind, CASE WHEN bound <> 'at_most' THEN value END, "
        "CASE WHEN bound <> 'at_least' THEN value END, bound, NULL, NULL, words, start, \"end\" FROM counts_0001"
    )
    op.drop_table("counts_0001")


def _relations() -> None:
    op.create_table(
        "relations",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", Text(), nullable=False),
        sa.Column("subject", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("object", Text(), nullable=True),
        sa.Column("role", Text(), nullable=True),
        sa.Column("body", Text(), nullable=True),
        sa.Column("words", Text(), nullable=False),
        sa.Column("start", Text(), nullable=True),
        sa.Column("end", Text(), nullable=True),
        sa.ForeignKeyConstraint(["reading"], ["readings.number"]),
        sa.PrimaryKeyConstraint("reading", "position"),
        comment="what a report tells of somebody and a body: office, membership...; subject and object are entities",
    )
    op.create_index("relations_by_kind", "relations", ["kind", "reading"], unique=False)


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("one_name", Text(), nullable=False),
        sa.Column("one_type", Text(), nullable=False),
        sa.Column("one_country", Text(), nullable=False),
        sa.Column("other_name", Text(), nullable=False),
        sa.Column("other_type", Text(), nullable=False),
        sa.Column("other_country", Text(), nullable=False),
        sa.Column("verdict", Text(), nullable=False),
        sa.Column("judged_by", Text(), nullable=False),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        comment="whether two entities of the ledger are the same, as somebody judged; the latest of a pair holds",
    )
    for side in ("one", "other"):
        columns = [f"{side}_{part}" for part in ("name", "type", "country")]
        create_index_of_any_length(f"judgements_of_{side}", "judgements", columns)
