"""What a check of an evidence pack found, for people."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.show.output import one_line
from dragoman.show.verifying.check import Verified
from dragoman.show.wording import many


def lines(found: Verified) -> Iterator[str]:
    """Whether it is sound, what is wrong with it, and what the ledger has otherwise now."""
    held = ", ".join(
        many(count, noun)
        for count, noun in (
            (found.files, "file"),
            (found.reports, "report"),
            (found.claims, "claim"),
            (found.quotations, "quotation"),
            (found.originals, "original"),
        )
    )
    said = "sound" if found.sound else f"NOT sound: {many(len(found.troubles) + found.untold, 'trouble')}"
    yield one_line(f"{found.file} is {said}")
    yield f"  {held}"
    yield f"  SHA-256 of the pack: {found.sha256}"
    if found.sound:
        yield "  every file is what its hash says; all quoted words stand in their texts; nothing is missing or extra"
    for trouble in found.troubles:
        yield f"  - {one_line(trouble)}"
    if found.untold:
        yield f"  - and {found.untold:,} more"
    for change in found.changed:
        yield f"  now: {one_line(change)}"
