"""The templates with what they may say, and the files that go with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from dragoman.codes import codes
from dragoman.compare.grades import NUMBERS
from dragoman.show import evidence, exports, headlines, sentences, wording
from dragoman.show.voices import words_of

SHOW = Path(__file__).parents[1]

_FILTERS = (
    "plain", "by", "kind_name", "stance_name", "type_name", "bearing", "dispute",
    "day", "day_of_year", "number", "percent", "web_address", "host", "country", "located", "map_link",
    "sureness", "valued", "moment", "shorten",
)  # fmt: skip


def address(path: str, /, **asked: str | None) -> str:
    """A path with what is asked of it, under any names; None and blank values are left out."""
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


@cache
def templates() -> Environment:
    """The templates, with what they may say."""
    made = Environment(
        loader=FileSystemLoader(SHOW / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {name: getattr(wording, name) for name in _FILTERS}
    made.globals |= {
        "codes": codes(),
        "address": address,
        "many": wording.many,
        "when": wording.when,
        "counted": wording.counted,
        "tells": wording.tells,
        "headline_of": headlines.of_happening,
        "headline_of_event": headlines.of_event,
        "around": sentences.around,
        "numbers": NUMBERS,
        "words_of": words_of,
        "low": wording.LOW,
        "formats": _formats,
        "static": _addresses(SHOW / "static"),
    }
    return made


@dataclass(frozen=True, slots=True)
class Offered:
    """What rows of a kind may be exported as: what it is called, and what it holds."""

    title: str
    told: str


def _formats(kind: str) -> dict[str, Offered]:
    """What rows of a kind may be exported as, by the name of the format."""
    offered = {name: Offered(format.title, format.told) for name, format in exports.formats_of(kind).items()}
    if kind in evidence.ROWS:
        told = (
            "A page to print: each claim in its sentence, with source, dates, address, hash of the text, model and "
            f"corrections; the first {evidence.ROWS[kind]} {kind}, then parts."
        )
        offered["sheet"] = Offered("Evidence sheet", told)
    return offered


def static_files() -> StaticFiles:
    """The style sheets, the scripts and the libraries."""
    return _Kept(directory=SHOW / "static")


class _Kept(StaticFiles):
    """Files that browsers may keep when they were asked for with their version."""

    async def get_response(self, path: str, scope: Any) -> Response:
        answer = await super().get_response(path, scope)
        kept = "max-age=31536000, immutable" if b"v=" in scope["query_string"] else "no-cache"
        answer.headers["cache-control"] = kept
        return answer


def _addresses(folder: Path) -> dict[str, str]:
    """The addresses of static files by their names; each changes with its file, so that browsers may keep it."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        found[name] = f"/static/{name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
    return found
