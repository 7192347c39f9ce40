"""Saved searches: one's own and everybody's, each change a new row."""

from __future__ import annotations

import pytest

from dragoman.errors import NotFound, UsageError
from dragoman.ledger import searches
from dragoman.ledger.searches import EVERYBODY
from dragoman.ledger.store import Ledger
from tests.ledger.helpers import ask
from tests.ledger.places import Place


def names(ledger: Ledger, owner: str) -> list[str]:
    with ledger.connection() as connection:
        return [one.name for one in searches.saved(connection, owner)]


def test_saved_renamed_and_given_up(place: Place) -> None:
    with Ledger.open(place) as ledger:
        with ledger.writing() as connection:
            searches.save(connection, "mara", " The  lock ", "kind=events&place=Sarre", "mara")
            searches.save(connection, EVERYBODY, "Tolls", "kind=events&text=killed", "teodor")
            searches.save(connection, "teodor", "The lock", "kind=reports", "teodor")
        assert names(ledger, "mara") == ["The lock", "Tolls"]
        assert names(ledger, EVERYBODY) == ["Tolls"]
        with ledger.writing() as connection:
            searches.rename(connection, "mara", "The lock", "Sarre", "mara")
            searches.give_up(connection, EVERYBODY, "Tolls", "mara")
            mine, *others = searches.saved(connection, "mara")
        assert (mine.name, mine.asked, mine.decided_by, others) == ("Sarre", "kind=events&place=Sarre", "mara", [])
        assert names(ledger, "teodor") == ["The lock"]
        with ledger.writing() as connection:  # and back again
            searches.rename(connection, "mara", "Sarre", "The lock", "mara")
        assert names(ledger, "mara") == ["The lock"]
    assert ask(place, "SELECT count(*) FROM searches") == [(8,)]


def test_a_name_stands_for_one_search(place: Place) -> None:
    with Ledger.open(place) as ledger, ledger.writing() as connection:
        searches.save(connection, "", "One", "kind=events", "")
        searches.save(connection, "", "One", "kind=events", "")
        searches.save(connection, "", "Two", "kind=reports", "")
        assert len(searches.saved(connection, "")) == 2
        with pytest.raises(UsageError, match="already"):
            searches.save(connection, "", "One", "kind=reports", "")
        with pytest.raises(UsageError, match="already"):
            searches.rename(connection, "", "Two", "One", "")
        with pytest.raises(UsageError, match="no name"):
            searches.save(connection, "", " \n", "kind=reports", "")
        with pytest.raises(UsageError, match="101 characters"):
            searches.rename(connection, "", "Two", "x" * 101, "")
        with pytest.raises(NotFound, match="Three"):
            searches.give_up(connection, "", "Three", "")
        with pytest.raises(NotFound):
            searches.rename(connection, "mara", "Two", "Three", "mara")
