"""What people decide of reports, marks, claims and joins; and what was worked out from all readings, kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dragoman.ledger.columns import Text, create_index_of_any_length

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds tables: four for what people decide, three for what comparing gives; and indexes for a million events."""
    _retractions()
    _corrections()
    _grades()
    _joins()
    _comparisons()
    _indexes()
    op.execute("ALTER TABLE judgements RENAME COLUMN judged_by TO decided_by")
    op.add_column("judgements", sa.Column("reason", Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")


def _decided(table: str, *columns: sa.Column[str] | sa.Column[int] | sa.ForeignKeyConstraint, comment: str) -> None:
    """A table of what somebody decided, one row each time."""
    op.create_table(
        table,
        sa.Column("number", sa.Integer(), nullable=False),
        *columns,
        sa.Column("reason", Text(), nullable=False),
        sa.Column("decided_by", Text(), nullable=False),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        comment=comment,
    )


def _retractions() -> None:
    _decided(
        "retractions",
        sa.Column("report", Text(), nullable=False),
        sa.Column("verdict", Text(), nullable=False),
        sa.Column("day", Text(), nullable=False),
        sa.ForeignKeyConstraint(["report"], ["reports.id"]),
        comment="from which day a report is `retracted` or `restored`; the latest of a report holds",
    )
    create_index_of_any_length("retractions_of_report", "retractions", ["report"])


def _corrections() -> None:
    _decided(
        "corrections",
        sa.Column("report", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("value", Text(), nullable=True),
        sa.ForeignKeyConstraint(["report"], ["reports.id"]),
        comment="what a mark, named by its words' place, should say; the latest of a field holds for every reading",
    )
    create_index_of_any_length("corrections_of_report", "corrections", ["report"])


def _grades() -> None:
    _decided(
        "grades",
        sa.Column("subject", Text(), nullable=False),
        sa.Column("grade", Text(), nullable=False),
        comment="the letter of a source or the number of a claim, as somebody judged; the latest of a subject holds",
    )
    create_index_of_any_length("grades_of_subject", "grades", ["subject"])


def _joins() -> None:
    _decided(
        "joins",
        sa.Column("one", Text(), nullable=False),
        sa.Column("other", Text(), nullable=False),
        sa.Column("verdict", Text(), nullable=False),
        comment="whether two events, named by their words' place, are one happening; the latest of a pair holds",
    )


def _comparisons() -> None:
    op.create_table(
        "comparisons",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", Text(), nullable=False),
        sa.Column("version", Text(), nullable=False),
        sa.Column("content", Text(), nullable=False),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("step", "version", "content"),
        comment="what was worked out from all readings: by which step of which version, from what content",
    )
    op.create_table(
        "findings",
        sa.Column("comparison", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", Text(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("finding", Text(), nullable=False),
        sa.ForeignKeyConstraint(["comparison"], ["comparisons.number"]),
        sa.PrimaryKeyConstraint("comparison", "position"),
        comment="one copy tree or happening, in the order in which they are listed; `finding` is JSON",
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
    op.create_index("tellings_of_finding", "tellings", ["comparison", "finding"], unique=False)


def _indexes() -> None:
    op.drop_index("entities_by_name", "entities")
    create_index_of_any_length(
        "entities_by_name",
        "entities",
        [*("name_folded", "name", "type", "country", "names", "reading", "id"), "mentions", "acts", "receives", "says"],
    )
    op.create_index("entities_by_names", "entities", ["names", "reading"])
    op.drop_index("attributions_by_kind", "attributions")
    op.create_index("attributions_by_kind", "attributions", ["kind", "reading", "entity"])
    days = [sa.text('coalesce(start, "end")'), sa.text('coalesce("end", start)')]
    op.create_index("events_by_day", "events", ["reading", *days])
