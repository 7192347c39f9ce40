"""What the page needs: accounts with their sessions, tokens and audit list; saved searches; happenings as rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dragoman.ledger.columns import Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds tables for accounts and saved searches; what was worked out is made anew, with a row for lists."""
    _findings()
    _accounts()
    _searches()


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text(), nullable=null)


def _numbered(table: str, *columns: sa.Column[str], comment: str) -> None:
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
    _numbered(
        "tokens",
        _text("name"),
        _text("user"),
        _text("sha256"),
        _text("scope"),
        _text("expires_at", null=True),
        _text("decided_by"),
        _text("recorded_at"),
        comment="by which programs ask in a user's name; the latest row of a hash holds; an empty scope may do nothing",
    )
    _numbered(
        "sessions",
        _text("user"),
        _text("sha256"),
        _text("csrf"),
        _text("expires_at"),
        _text("recorded_at"),
        comment="who is signed in; rows are deleted when a session ends",
    )
    _numbered(
        "audit",
        _text("user"),
        _text("action"),
        _text("subject"),
        _text("outcome"),
        _text("recorded_at"),
        comment="what was done through the page and its addresses, and by whom",
    )


def _searches() -> None:
    _numbered(
        "searches",
        _text("name"),
        _text("asked"),
        _text("decided_by"),
        _text("recorded_at"),
        comment="searches to come back to: the latest row of a name holds; empty when it was given up",
    )


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
