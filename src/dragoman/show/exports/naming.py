"""What things are called in linked data, the same in every format that has names for them (IRIs).

Invariant: a name depends on what is named alone: a text and an original go by the hash of their bytes, a report by its
id, a mark by its report and its id in the reading.
"""

from __future__ import annotations

from urllib.parse import quote

from dragoman.ledger.folding import fold, storable
from dragoman.records import MadeBy, Report, Span
from dragoman.show.evidence import text_hash


def bytes_iri(sha256: str) -> str:
    """Bytes, by their SHA-256."""
    return f"urn:sha256:{_safe(sha256)}"


def text_iri(report: Report) -> str:
    """The text of a report as it was read, in UTF-8."""
    return bytes_iri(text_hash(report))


def report_iri(report: Report) -> str:
    """A report: its text as an outlet had it."""
    return f"urn:dragoman:{report.id}"


def mark_iri(report: Report, mark: str) -> str:
    """A mark of a report's reading, or what else has a name in it."""
    return f"{report_iri(report)}:{_safe(mark)}"


def words_iri(report: Report, span: Span) -> str:
    """Words of a report's text, in code points (RFC 5147)."""
    return f"{text_iri(report)}#char={span[0]},{span[1]}"


def named_iri(kind: str, name: str) -> str:
    """An outlet, or a person who decides: by the name that the ledger has for them, in any letter case."""
    return f"urn:dragoman:{kind}:{_safe(fold(name))}"


def maker_iri(made_by: MadeBy) -> str:
    """The program of a version with a model."""
    return f"urn:dragoman:maker:{_safe(made_by.version)}:{_safe(made_by.model_sha256)}"


def maker_name(made_by: MadeBy) -> str:
    """The same for people."""
    return f"Dragoman {made_by.version}, model {made_by.model}"


def _safe(words: str) -> str:
    return quote(storable(words), safe="")
