"""Feeds that are watched, and what is known of their entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dragoman.ledger.columns import Text, create_index_of_any_length, unique_of_any_length

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds two tables."""
    op.create_table(
        "feeds",
        sa.Column("number", sa.Integer(), nullable=False),
        *(
            sa.Column(name, Text(), nullable=False)
            for name in ("address", "current_address", "title", "etag", "last_modified")
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        *(sa.Column(name, Text(), nullable=False) for name in ("checked_at", "next_at", "failing_since", "trouble")),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        *unique_of_any_length("address"),
        comment="the feeds that are watched, with how they stand: `within` if it may lead into the user's own network; "
        "unlike other tables each row is written over",
    )
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("feed", sa.Integer(), nullable=False),
        *(
            sa.Column(name, Text(), nullable=False)
            for name in ("id", "address", "title", "published", "digest", "moment")
        ),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("report", Text(), nullable=True),
        sa.Column("trouble", Text(), nullable=False),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.ForeignKeyConstraint(["feed"], ["feeds.number"]),
        sa.ForeignKeyConstraint(["report"], ["reports.id"]),
        comment="the entries of feeds, with the last report of each; `due` while its article is still to be fetched; "
        "each row is written over",
    )
    create_index_of_any_length("entries_by_id", "entries", ["id", "feed"])
    create_index_of_any_length("entries_by_address", "entries", ["address"])
    op.create_index("entries_by_feed", "entries", ["feed", "moment"], unique=False)


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")
