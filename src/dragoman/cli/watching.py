"""The commands about feeds: watching them, and how they stand."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli.app import FAILED, PARTLY, app
from dragoman.cli.common import LedgerPlace, open_ledger, say, settings_with, tell_found, workers
from dragoman.cli.options import Force, Format

if TYPE_CHECKING:
    from dragoman.ledger.feeds import KeptFeed, Output
    from dragoman.ledger.store import Ledger
    from dragoman.show.screen import Screen

    Standing = tuple[KeptFeed, Output | None]


@app.command()
def watch(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FEED]", help="Addresses of feeds, or OPML lists; without any: those watched before."),
    ] = None,
    ledger: LedgerPlace = None,
    once: Annotated[bool, typer.Option("--once", help="Check each feed that is due, and end.")] = False,
    every: Annotated[int, typer.Option(metavar="MINUTES", min=1, help="Least time between two checks of a feed.")] = 15,
    force: Force = False,
) -> None:
    """Watch feeds: add each new or edited article to the ledger, for as long as it runs."""
    from dragoman.show.wording import many
    from dragoman.watching import start
    from dragoman.watching.named import named_feeds

    settings, listed = settings_with(ledger=ledger, jobs=1), named_feeds(feeds or ())
    with open_ledger(settings, create=bool(listed)) as opened, workers(ctx, settings) as reading:
        watching = start.watch(opened, reading, listed, settings, say, minutes=every, force=force)
        sums = watching.sums
        if not once:
            say(f"watching {many(watching.load(), 'feed')}; Ctrl-C ends it")
        try:
            watching.run(once=once)
        finally:
            say(f"{sums.had + sums.not_had:,} checked, {sums.added:,} added, {sums.failed + sums.not_had:,} failed")
    if sums.failed or sums.not_had:
        raise typer.Exit(PARTLY if sums.had else FAILED)


@app.command("feeds")
def feeds_(format: Format = "text", ledger: LedgerPlace = None) -> None:
    """List the feeds that are watched: when each was checked, what came of it, and what is wrong."""
    from dragoman.ledger.trouble import trouble

    now = datetime.now(UTC)

    def find(opened: Ledger) -> list[Standing]:
        from dragoman.ledger import feeds

        with opened.connection() as connection:
            return [(feed, feeds.output(connection, feed.number)) for feed in feeds.kept(connection)]

    def as_dict(standing: Standing) -> dict[str, Any]:
        feed, output = standing
        told = {key: value or None for key, value in asdict(feed).items() if key in _TOLD}
        last = output.moments[0] if output else None
        articles = output.articles if output else 0
        return {**told, "last_entry_at": last, "articles": articles, "stopped": feed.stopped, "wrong": _wrong(standing)}

    def _wrong(standing: Standing) -> str | None:
        return trouble(*standing, now) or None

    def put(screen: Screen, standing: Standing) -> None:
        _put(screen, standing, _wrong(standing), now)

    tell_found(find, as_dict, put, "no feed is watched yet: see `dragoman watch --help`", format, ledger)


MARGIN = 15
_TOLD = ("address", "title", "checked_at", "next_at")


def _put(screen: Screen, standing: Standing, wrong: str | None, now: datetime) -> None:
    from rich.text import Text

    from dragoman.ledger.trouble import name_of, since
    from dragoman.show import wording
    from dragoman.show.output import one_line
    from dragoman.show.screen import QUIET, TITLE

    feed, output = standing
    articles = wording.many(output.articles if output else 0, "article")

    def at(moment: str) -> str:
        return since(datetime.fromisoformat(moment), now) if moment else "never"

    screen.put(Text(one_line(name_of(feed)), TITLE), MARGIN, Text(articles, QUIET))
    screen.put(Text(one_line(feed.current_address), QUIET), MARGIN)
    last = f"last entry {at(output.moments[0])}" if output else "no entries yet"
    screen.put(
        f"{last}; checked {at(feed.checked_at)}" + (f", next {at(feed.next_at)}" if not feed.stopped else ""), MARGIN
    )
    if wrong:
        screen.put(one_line(wrong), MARGIN)
    screen.put()
