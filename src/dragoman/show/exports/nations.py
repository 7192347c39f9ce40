"""The codes that other coders have for the countries of countries.yaml, from data/exports/countries.tsv.

Numbers of ISO 3166-1 and FIPS 10-4 as GeoNames has them; those of the Correlates of War project (states of 2016, with
Kosovo) and ACLED's regions written by us.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dragoman.codes import country_names


@dataclass(frozen=True, slots=True)
class Nation:
    """A country or territory; a code that it does not have is empty."""

    name: str
    numeric: str
    fips: str
    cow: str
    region: str


UNKNOWN = Nation("", "", "", "", "")


@cache
def nations() -> dict[str, Nation]:
    """Each country by its ISO 3166-1 alpha-3 code."""
    text = files("dragoman").joinpath("data/exports/countries.tsv").read_text(encoding="utf-8")
    names = country_names()
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    return {row.pop("code"): Nation(names[code], **row) for row in rows for code in [row["code"]]}


def nation(code: str | None) -> Nation:
    """The country of a code; one without any codes where there is none."""
    return nations().get(code or "", UNKNOWN)
