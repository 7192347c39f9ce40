"""What every export says of itself: what coded it, and under which licence it may be used.

Invariant: it says nothing of when or where a file was made, so that the same readings give the same bytes. Where a
format has no room for it, it stands beside the file, as CSV on the Web describes tables, or in an answer's headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dragoman.ledger import query
from dragoman.ledger.store import Ledger
from dragoman.show.search import Search

if TYPE_CHECKING:
    from dragoman.show.exports import Format

LICENSE = "https://www.apache.org/licenses/LICENSE-2.0"
RIGHTS = (
    "Codes and tables are under the Apache License 2.0. Places are from GeoNames (https://www.geonames.org), CC BY "
    "4.0. Quoted words remain their publishers'."
)
BESIDE = "-metadata.json"
"""What follows a file's name in that of the file which describes it, as CSV on the Web looks for it."""
_TERMS = {"dc": "http://purl.org/dc/terms/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


def statement(ledger: Ledger, search: Search) -> dict[str, str]:
    """Coded by which versions with which models, and the licence, in words that fit any format."""
    makers = query.makers(ledger, query.as_of(search.filter))
    coded_by = "; ".join(f"Dragoman {made_by} with model {model}" for made_by, model in makers)
    return {
        "generator": f"Dragoman {version('dragoman')}",
        "coded_by": coded_by or "nothing yet",
        "license": LICENSE,
        "rights": RIGHTS,
    }


def metadata(ledger: Ledger, search: Search, format: Format, file: str, comments: Sequence[str]) -> dict[str, Any]:
    """What describes a file of that name: a table as CSV on the Web has it, anything else by the same terms."""
    said = statement(ledger, search)
    asked = ", ".join(f"{name} {value}" for name, value in search.asked().items())
    told: dict[str, Any] = {
        "dc:title": f"{search.kind} of a ledger of Dragoman" + (f": {asked}" if asked else ""),
        "dc:description": format.told,
        "dc:creator": said["coded_by"],
        "dc:publisher": said["generator"],
        "dc:license": {"@id": LICENSE},
        "dc:rights": RIGHTS,
    }
    if comments:
        told["rdfs:comment"] = list(comments)
    if format.columns is None:
        return {"@context": _TERMS, "@id": quote(file), **told}
    columns = [
        {
            "name": column.name.replace(" ", "_"),
            "titles": column.name,
            "datatype": column.type,
            "dc:description": column.told,
        }
        for column in format.columns(search.kind)
    ]
    table = {"dialect": dict(format.dialect), "tableSchema": {"columns": columns}}
    return {"@context": "http://www.w3.org/ns/csvw", "url": quote(file), **told, **table}
