"""Which of several copies of one report the ledger goes by.

A report is its text and its outlet. Copies of it may still differ in day of publication, title and address.
Invariant: `better` is a strict order on these three, so the best of some copies is the same one, in
whichever order they came.
"""

from __future__ import annotations

from typing import Any

from dragoman.records import Report


def better(copy: Report, than: Report) -> bool:
    """Whether a copy is to be preferred to another of the same report.

    One with a known day is, since relative dates count from it; then one with a title, then one with an
    address. Of copies that tell as much, the first in order of day, title and address: which one matters
    little, but it must be the same for everybody.
    """
    return _rank(copy) < _rank(than)


def _rank(copy: Report) -> tuple[Any, ...]:
    """What copies are sorted by. Nothing and no words are both unknown, but not the same."""
    told = (copy.published, copy.title, copy.url)
    return (*(not words for words in told), *((words is not None, words or "") for words in told))
