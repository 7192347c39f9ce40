"""Full-text search inside the database: the words of each reading's title and text.

Invariant: both databases find exactly the same, the phrases that stand in the folded words one after
the other. SQLite's FTS5 splits them at the spaces between them. PostgreSQL first looks up the single
words, as they are and without its own parser, then looks for each phrase in the words it found.
`report_words` is not in `schema.metadata`: its rows follow from those of `readings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    column,
    false,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from dragoman.ledger.database import Database
from dragoman.ledger.schema import readings
from dragoman.ledger.walking import either, walked

SEARCHED = "report_words"
"""The full-text index; migration 0001 makes it."""

Indexed = tuple[int, list[str]]
"""The number of a reading and its words."""

_fts5 = table(SEARCHED, column("rowid"), column("words"))
_found = table(SEARCHED, column("reading"), column("words"), column("lexemes"))

_LONGEST = 100
"""Characters of a word that is looked up; PostgreSQL refuses lexemes over 2,046 bytes."""

_MOST_BYTES = 1_000_000
"""Bytes of the words of one report that are looked up; PostgreSQL has 20 bits for where a lexeme begins."""

_ANY = "*"
"""Stands for the words of a report that has more than that, which no search may pass over. No word is so."""


def index_words(connection: Connection, indexed: Sequence[Indexed]) -> None:
    """Makes readings findable by their words."""
    if connection.dialect.name == "postgresql":
        lexemes = func.array_to_tsvector(bindparam("lexemes", type_=ARRAY(Text())))
        rows: list[dict[str, Any]] = [
            {"reading": reading, "words": " ".join(("", *words, "")), "lexemes": _lexemes(words)}
            for reading, words in indexed
        ]
        connection.execute(insert(_found).values(lexemes=lexemes), rows)
    else:
        connection.execute(insert(_fts5), [{"rowid": reading, "words": " ".join(words)} for reading, words in indexed])


def put_words(connection: Connection, kept: Database, indexed: Sequence[Indexed]) -> None:
    """The same for many readings."""
    if connection.dialect.name != "postgresql":
        index_words(connection, indexed)
        return
    rows = [  # words have no quotation mark in them
        {
            "reading": reading,
            "words": " ".join(("", *words, "")),
            "lexemes": " ".join(f"'{lexeme}'" for lexeme in _lexemes(words)),
        }
        for reading, words in indexed
    ]
    kept.put(connection, _found, rows)


def has_phrases(phrases: list[list[str]]) -> ColumnElement[bool]:
    """That a reading's title and text hold every phrase; without any phrase, none does."""
    return either(sqlite=_matched(phrases), postgresql=_looked_up(phrases))


def how_many_words(connection: Connection) -> int:
    """How many words can be found, of all readings together."""
    if connection.dialect.name == "postgresql":
        counted = f"SELECT sum(length(words) - length(replace(words, ' ', '')) - 1) FROM {SEARCHED}"
        return int(connection.execute(text(counted)).scalar_one() or 0)
    connection.execute(text(f"CREATE VIRTUAL TABLE temp.counted USING fts5vocab(main, {SEARCHED}, row)"))
    found = connection.execute(text("SELECT sum(cnt) FROM temp.counted")).scalar_one()
    connection.execute(text("DROP TABLE temp.counted"))
    return int(found or 0)


def _matched(phrases: list[list[str]]) -> ColumnElement[bool]:
    query = " ".join('"' + " ".join(words) + '"' for words in phrases) or '""'
    found = select(_fts5.c.rowid).where(literal_column(SEARCHED).op("MATCH")(query))
    return walked(readings.c.number).in_(found)


def _looked_up(phrases: list[list[str]]) -> ColumnElement[bool]:
    if not phrases:
        return false()
    every = " & ".join(f"'{lexeme}'" for lexeme in _lexemes([word for words in phrases for word in words]))
    stand_so = [
        func.strpos(_found.c.words, f" {phrase} ") > 0 for phrase in dict.fromkeys(" ".join(words) for words in phrases)
    ]
    found = _found.c.lexemes.op("@@")(cast(literal(f"'{_ANY}' | ({every})"), TSQUERY))
    return readings.c.number.in_(select(_found.c.reading).where(and_(found, *stand_so)))


def _lexemes(words: list[str]) -> list[str]:
    """What stands for some words in PostgreSQL's index: each once."""
    lexemes = sorted({word[:_LONGEST] for word in words})
    return lexemes if sum(len(lexeme.encode()) for lexeme in lexemes) <= _MOST_BYTES else [_ANY]
