"""What a ledger has now of the reports and claims of an evidence pack."""

from __future__ import annotations

from typing import Any

from dragoman.errors import NotFound
from dragoman.ledger.as_of import NOW
from dragoman.ledger.ids import is_report_id, no_report
from dragoman.ledger.store import Ledger
from dragoman.show.corrections import history_of
from dragoman.show.exports.claims import claims
from dragoman.show.exports.selected import Selected

MOST_TOLD = 1000


class Now:
    """Compares, report by report. `changed` says what is otherwise in the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._claims: dict[str, dict[str, Any]] = {}
        self._known = False
        self.changed: list[str] = []

    def report(self, id: str) -> None:
        """Looks for a report."""
        try:
            if retraction := self._ledger.retraction(_whole(id)):
                self._tell(f"report {id} was retracted from {retraction.day} on")
        except NotFound:
            self._tell(f"report {id} is not in this ledger")

    def claims_of(self, report: str) -> None:
        """Looks up the claims of a report, before `claim` is asked of each."""
        try:
            reading = self._ledger.reading(_whole(report))
        except NotFound:
            self._known, self._claims = False, {}
            return
        whole = Selected(reading, reading.events, reading.attributions)
        self._known = True
        self._claims = {told["id"]: told for told in claims(whole, history_of(self._ledger, reading, NOW))}

    def claim(self, claim: dict[str, Any]) -> None:
        """Compares a claim of that report."""
        if not self._known:
            return
        now = self._claims.get(str(claim.get("id")))
        if now is None:
            self._tell(f"claim {claim.get('id')} is none any more")
        elif other := [name for name in now if now[name] != claim.get(name)]:
            self._tell(f"claim {claim.get('id')} is otherwise now: {', '.join(other)}")

    def _tell(self, what: str) -> None:
        if len(self.changed) < MOST_TOLD:
            self.changed.append(what)


def _whole(id: str) -> str:
    """The id of a report, which is no start of another one's. NotFound."""
    if not is_report_id(id):
        raise no_report(id)
    return id
