"""The order in which reports are told of: by the day of publication, those without a date last."""

from __future__ import annotations


def told_on(published: str | None) -> str:
    """A day of publication to sort by: what has none comes after every day."""
    return published or "9999"
