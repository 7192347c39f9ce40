"""What reports were taken from: originals by their hash, and the captures that brought them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dragoman.ledger.columns import Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds two tables."""
    op.create_table(
        "originals",
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
        comment="the bytes that reports were taken from, by their hash, each once; `content` is compressed by zlib, "
        "and missing where only the hash is kept",
    )
    op.create_table(
        "captures",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("report", Text(), nullable=False),
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("address", Text(), nullable=False),
        sa.Column("captured_at", Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("recorded_at", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"]),
        sa.ForeignKeyConstraint(["sha256"], ["originals.sha256"]),
        comment="from where, when and with which headers the originals of reports came",
    )
    op.create_index("captures_by_report", "captures", ["report"], unique=False)


def downgrade() -> None:
    """A ledger is never taken back: what was recorded stays."""
    raise NotImplementedError("a ledger cannot be taken back to an earlier version")
