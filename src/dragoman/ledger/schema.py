"""The tables of the ledger.

Invariant: rows are only ever added, but for `sessions`, `feeds` and `entries`. A reading that replaces an
earlier one of the same report names it in `supersedes`; the current one is that which no other supersedes.
`readings.reading` holds the public JSON whole and is the truth; the tables below it are drawn from
it (`flatten`) so that the database can search, sort and count.

A text column that sorts or groups holds '' where nothing is known, since NULLs sort differently
from one database to the next; the rows that queries give have None there.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Constraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from dragoman.ledger.columns import Text, index_of_any_length, unique_of_any_length

HEAD = "0006"
"""The migration that these tables stand for; a test holds it against `migrations/versions`."""

metadata = MetaData()

reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("recorded_at", Text, nullable=False),
    comment="every report that was ever read, and when the ledger first had it (UTC)",
)

readings = Table(
    "readings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("report", Text, ForeignKey("reports.id"), nullable=False),
    Column("supersedes", Integer, ForeignKey("readings.number"), unique=True),
    Column("recorded_at", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("model_sha256", Text, nullable=False),
    Column("title", Text),
    Column("outlet", Text),
    Column("outlet_folded", Text, nullable=False),
    Column("published", Text, nullable=False),
    Column("url", Text),
    Column("language", Text),
    Column("reading", Text, nullable=False),
    *index_of_any_length("readings_by_maker", "report", "version", "model", "model_sha256"),
    Index("readings_by_date", text("published DESC"), "report"),
    *index_of_any_length("readings_by_outlet", "outlet_folded"),
    *index_of_any_length("readings_by_url", "url"),
    Index(
        "readings_first",
        "report",
        unique=True,
        sqlite_where=text("supersedes IS NULL"),
        postgresql_where=text("supersedes IS NULL"),
    ),
    comment="what one model made of one copy of a report; `reading` is the public JSON",
)

names = Table(
    "names",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("folded", Text, nullable=False),
    *unique_of_any_length("folded"),
    comment="the words and names that somebody goes by, folded for search, each combination once",
)

entities = Table(
    "entities",
    metadata,
    Column("reading", Integer, ForeignKey("readings.number"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("sector", Text),
    Column("role", Text),
    Column("of", Text),
    Column("reference", Text),
    Column("located", JSON(none_as_null=True)),
    Column("names", Integer, ForeignKey("names.number"), nullable=False),
    Column("mentions", Integer, nullable=False),
    Column("acts", Integer, nullable=False),
    Column("receives", Integer, nullable=False),
    Column("says", Integer, nullable=False),
    PrimaryKeyConstraint("reading", "position"),
    *index_of_any_length(
        "entities_by_name",
        *("name_folded", "name", "type", "country", "names", "reading", "id"),
        *("mentions", "acts", "receives", "says"),
    ),
    Index("entities_by_names", "names", "reading"),
    Index("entities_by_id", "reading", "id"),
    comment="who a report names, by canonical name where there is one; how often it mentions them, they act...",
)

attributions = Table(
    "attributions",
    metadata,
    Column("reading", Integer, ForeignKey("readings.number"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("cue", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("entity", Text),
    Column("name", Text),
    Column("names", Integer, ForeignKey("names.number"), nullable=False),
    Column("addressee", Text),
    Column("stance", Text, nullable=False),
    Column("inside", Text),
    Column("confidence", Float, nullable=False),
    Column("spans", JSON, nullable=False),
    PrimaryKeyConstraint("reading", "position"),
    Index("attributions_by_kind", "kind", "reading", "entity"),
    Index("attributions_by_names", "names", "kind", "reading"),
    Index("attributions_by_doubt", text("abs(confidence - 0.5)"), "reading"),
    comment="what a report hands to a source; `name` is the entity's",
)

events = Table(
    "events",
    metadata,
    Column("reading", Integer, ForeignKey("readings.number"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("mode", Text),
    Column("status", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("place", Text),
    Column("place_name", Text),
    Column("located", JSON(none_as_null=True)),
    Column("place_names", Integer, ForeignKey("names.number")),
    Column("place_country", Text),
    Column("time", Text),
    Column("start", Text),
    Column("end", Text),
    Column("date_precision", Text),
    Column("date_reason", Text),
    Column("attribution", Integer),
    Column("rule", Text),
    Column("condition", Text),
    Column("confidence", Float, nullable=False),
    Column("spans", JSON, nullable=False),
    PrimaryKeyConstraint("reading", "position"),
    ForeignKeyConstraint(["reading", "attribution"], ["attributions.reading", "attributions.position"]),
    Index("events_by_type", "type", "status", "reading"),
    Index("events_by_status", "status", "reading"),
    Index("events_by_place", "place_names", "reading"),
    *index_of_any_length("events_by_country", "place_country", "reading"),
    Index("events_by_day", "reading", text('coalesce(start, "end")'), text('coalesce("end", start)')),
    Index("events_by_start", text('coalesce(start, "end")'), "reading"),
    Index(
        "events_located",
        *("reading", "position"),
        sqlite_where=text("located IS NOT NULL"),
        postgresql_where=text("located IS NOT NULL"),
    ),
    Index("events_by_doubt", text("abs(confidence - 0.5)"), "reading"),
    comment="what happened, will happen or did not; `attribution` is the position of its holder, `place_names` is how "
    "its place may be called",
)

participants = Table(
    "participants",
    metadata,
    Column("reading", Integer, nullable=False),
    Column("event", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("entity", Text),
    Column("name", Text),
    Column("names", Integer, ForeignKey("names.number"), nullable=False),
    PrimaryKeyConstraint("reading", "event", "role", "position"),
    ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
    Index("participants_by_names", "names", "role", "reading", "event"),
    comment="the actors and recipients of events; `name` is the entity's",
)

counts = Table(
    "counts",
    metadata,
    Column("reading", Integer, nullable=False),
    Column("event", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("low", BigInteger),
    Column("high", BigInteger),
    Column("bound", Text, nullable=False),
    Column("who", Text),
    Column("attribution", Text),
    Column("words", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    PrimaryKeyConstraint("reading", "event", "position"),
    ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
    comment="how many people were killed, wounded, arrested... in an event; NULL where the number is open",
)

relations = Table(
    "relations",
    metadata,
    Column("reading", Integer, ForeignKey("readings.number"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("object", Text),
    Column("role", Text),
    Column("body", Text),
    Column("words", Text, nullable=False),
    Column("start", Text),
    Column("end", Text),
    PrimaryKeyConstraint("reading", "position"),
    Index("relations_by_kind", "kind", "reading"),
    comment="what a report tells of somebody and a body: office, membership...; subject and object are entities",
)

judgements = Table(
    "judgements",
    metadata,
    Column("number", Integer, primary_key=True),
    *(
        Column(f"{side}_{part}", Text, nullable=False)
        for side in ("one", "other")
        for part in ("name", "type", "country")
    ),
    Column("verdict", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    *index_of_any_length("judgements_of_one", "one_name", "one_type", "one_country"),
    *index_of_any_length("judgements_of_other", "other_name", "other_type", "other_country"),
    comment="whether two entities of the ledger are the same, as somebody judged; the latest of a pair holds",
)


def _decided(table: str, *columns: Column[Any], index: str | None = None, comment: str) -> Table:
    """A table of what somebody decided, one row each time."""
    return Table(
        table,
        metadata,
        Column("number", Integer, primary_key=True),
        *columns,
        Column("reason", Text, nullable=False),
        Column("decided_by", Text, nullable=False),
        Column("recorded_at", Text, nullable=False),
        *(index_of_any_length(f"{table}_of_{index}", index) if index else []),
        comment=comment,
    )


retractions = _decided(
    "retractions",
    Column("report", Text, ForeignKey("reports.id"), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("day", Text, nullable=False),
    index="report",
    comment="from which day a report is `retracted` or `restored`; the latest of a report holds",
)

corrections = _decided(
    "corrections",
    Column("report", Text, ForeignKey("reports.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text),
    index="report",
    comment="what a mark, named by its words' place, should say; the latest of a field holds for every reading",
)

grades = _decided(
    "grades",
    Column("subject", Text, nullable=False),
    Column("grade", Text, nullable=False),
    index="subject",
    comment="the letter of a source or the number of a claim, as somebody judged; the latest of a subject holds",
)

joins = _decided(
    "joins",
    Column("one", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    comment="whether two events, named by their words' place, are one happening; the latest of a pair holds",
)

acts = _decided(
    "acts",
    Column("did", Text, nullable=False),
    Column("of", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("undoes", Integer, ForeignKey("acts.number"), unique=True),
    comment="what somebody decided at one stroke: rows of a table, from first to last; or the act it takes back",
)

comparisons = Table(
    "comparisons",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("step", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    UniqueConstraint("step", "version", "content"),
    comment="what was worked out from all readings: by which step of which version, from what content",
)

findings = Table(
    "findings",
    metadata,
    Column("comparison", Integer, ForeignKey("comparisons.number"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("finding", Text, nullable=False),
    Column("row", Text),
    Column("told_last", Text),
    Column("disputed_on", Text),
    Column("disputes", Integer, nullable=False),
    Column("independent", Integer, nullable=False),
    Column("unnamed", Boolean, nullable=False),
    PrimaryKeyConstraint("comparison", "position"),
    comment="one copy tree or happening; `finding` is JSON, and so is `row`, what lists show of a happening",
)

tellings = Table(
    "tellings",
    metadata,
    Column("comparison", Integer, nullable=False),
    Column("reading", Integer, nullable=False),
    Column("event", Integer, nullable=False),
    Column("finding", Integer, nullable=False),
    PrimaryKeyConstraint("comparison", "reading", "event"),
    ForeignKeyConstraint(["comparison", "finding"], ["findings.comparison", "findings.position"]),
    ForeignKeyConstraint(["reading", "event"], ["events.reading", "events.position"]),
    Index("tellings_of_finding", "comparison", "finding"),
    comment="the events that tell a happening",
)


def _numbered(table: str, *columns: Column[Any] | Index | Constraint, comment: str) -> Table:
    return Table(table, metadata, Column("number", Integer, primary_key=True), *columns, comment=comment)


users = _numbered(
    "users",
    *(Column(name, Text, nullable=False) for name in ("name", "password", "role", "decided_by", "recorded_at")),
    Index("users_by_name", "name"),
    comment="who may use a shared ledger: the latest row of a name holds; an empty role may do nothing",
)

tokens = _numbered(
    "tokens",
    *(Column(name, Text, nullable=False) for name in ("name", "user", "sha256", "scope")),
    *(Column(name, Text, nullable=False) for name in ("expires_at", "decided_by", "recorded_at")),
    Index("tokens_by_sha256", "sha256"),
    comment="by which programs ask in a user's name; the latest row of a hash holds; an empty scope may do nothing",
)

sessions = _numbered(
    "sessions",
    Column("account", Integer, ForeignKey("users.number"), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("sha256", "expires_at", "recorded_at")),
    Index("sessions_by_sha256", "sha256"),
    comment="who is signed in, by which row of users: it holds while that is the latest; deleted when it ends",
)

audit = _numbered(
    "audit",
    *(Column(name, Text, nullable=False) for name in ("user", "action", "subject", "outcome", "address")),
    Column("recorded_at", Text, nullable=False),
    comment="what was done through the page, its addresses and the commands about accounts, by whom and from where",
)

searches = _numbered(
    "searches",
    *(Column(name, Text, nullable=False) for name in ("owner", "name", "asked", "decided_by", "recorded_at")),
    comment="searches to come back to: the latest row of an owner's name holds, empty when it was given up; "
    "without an owner it is everybody's",
)

originals = Table(
    "originals",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", Text),
    Column("content", LargeBinary),
    comment="the bytes that reports were taken from, by their hash, each once; `content` is compressed by zlib, "
    "and missing where only the hash is kept",
)

captures = _numbered(
    "captures",
    Column("report", Text, ForeignKey("reports.id"), nullable=False),
    Column("sha256", Text, ForeignKey("originals.sha256"), nullable=False),
    Column("address", Text, nullable=False),
    Column("captured_at", Text),
    Column("status", Integer),
    Column("headers", JSON, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Index("captures_by_report", "report"),
    comment="from where, when and with which headers the originals of reports came",
)

feeds = _numbered(
    "feeds",
    *(Column(name, Text, nullable=False) for name in ("address", "current_address", "title", "etag", "last_modified")),
    Column("minutes", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("checked_at", "next_at", "failing_since", "trouble")),
    Column("failures", Integer, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("within", Boolean, nullable=False),
    Column("recorded_at", Text, nullable=False),
    *unique_of_any_length("address"),
    comment="the feeds that are watched, with how they stand: `within` if it may lead into the user's own network; "
    "unlike other tables each row is written over",
)

entries = _numbered(
    "entries",
    Column("feed", Integer, ForeignKey("feeds.number"), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("id", "address", "title", "published", "digest", "moment")),
    Column("due", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("report", Text, ForeignKey("reports.id")),
    Column("trouble", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    *index_of_any_length("entries_by_id", "id", "feed"),
    *index_of_any_length("entries_by_address", "address"),
    Index("entries_by_feed", "feed", "moment"),
    comment="the entries of feeds, with the last report of each; `due` while its article is still to be fetched; "
    "each row is written over",
)
