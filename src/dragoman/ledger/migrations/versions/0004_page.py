"""What the page needs: accounts with their sessions, tokens and audit list; saved searches; happenings as rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from dragoman.ledger.columns import Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds tables for accounts and saved searches."""
    _accounts()
    _searches()


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text(), nullable=False)


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
        _text("name"),
        _text("asked"),
        _text("decided_by"),
        _text("recorded_at"),
        comment="searches to come back to: the latest row of a name holds; empty when it was given up",
    )
