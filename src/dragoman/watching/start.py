"""A watch as the command has it: on this machine's network, by its clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from dragoman.adding.workers import Workers
from dragoman.config import Settings
from dragoman.documents.feeds import Listed
from dragoman.documents.incoming import Options
from dragoman.documents.text import Origin
from dragoman.documents.web.fetch import Fetcher
from dragoman.ledger.store import Ledger
from dragoman.watching.check import Checking, moment
from dragoman.watching.desk import Desk
from dragoman.watching.keeper import Keeper
from dragoman.watching.schedule import Schedule
from dragoman.watching.watch import Watch


def watch(
    ledger: Ledger,
    workers: Workers,
    listed: Sequence[Listed],
    settings: Settings,
    tell: Callable[[str, str], None],
    *,
    minutes: int,
    force: bool,
) -> Watch:
    """A watch over the feeds listed, or over all that the ledger knows, with so many minutes between two checks."""
    fetcher, keeper = Fetcher(settings), Keeper(ledger, workers)
    keeper.watch(listed, moment(datetime.now(UTC)))
    options = Options(origin=Origin(), force=force, settings=settings, fetch=fetcher.fetch)
    checking = Checking(fetcher, keeper, Desk(), Schedule(timedelta(minutes=minutes)), options)
    return Watch(checking, tell, frozenset(feed.address for feed in listed))
