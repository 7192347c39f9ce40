"""A web page -> the article in it, with what the page says of its title, day, outlet and address.

Navigation, comments and related links are left out. Nothing is ever fetched, and whatever the page
holds, the answer is an article or a NoArticle error.
"""

from __future__ import annotations

import re
from typing import Any

from dragoman.documents.clean import one_line
from dragoman.documents.text import Origin
from dragoman.errors import NoArticle

_LOOKS_LIKE_PAGE = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|article)\b",
    re.IGNORECASE | re.DOTALL,
)
# Only dates that the page states in its markup or address, the first published of them; none is searched for
# in its words. Dates to come are let pass: what is read must not depend on the day of reading.
_DATE_RULES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}
_MOST_TAGS, _MOST_ATTRIBUTES, _MOST_IN_A_TAG = 30_000, 30_000, 2_000
"""What takes the parser and the search for the article a second and 50 MB; an article's page has a tenth of it."""
_TAG = re.compile(r"<[A-Za-z][^<>]*")
_QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "code", "div"})


def looks_like_page(start: str) -> bool:
    """Whether a text that starts so is an HTML page."""
    return bool(_LOOKS_LIKE_PAGE.match(start))


def read_article(page: str) -> tuple[str, Origin]:
    """The article's text, its paragraphs parted by blank lines, and what the page says of its origin."""
    from trafilatura import bare_extraction  # takes 0.2 s to import

    _check_size(page)
    try:
        found: Any = bare_extraction(
            page,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params=dict(_DATE_RULES),
        )
    except Exception as error:  # the page is somebody else's: no oddity in it may stop the batch
        raise _no_article(f"the page could not be taken apart ({type(error).__name__})") from error
    paragraphs = _paragraphs(found.body) if found is not None else []
    if not any(map(_has_sentence, paragraphs)):
        raise _no_article("the page holds no article")
    if len(paragraphs) > 1 and paragraphs[0] == one_line(found.title or ""):
        del paragraphs[0]  # the headline is the title, and would tell everything twice
    origin = Origin(title=found.title, outlet=found.sitename, published=found.date, url=found.url)
    return "\n\n".join(paragraphs), origin


def _check_size(page: str) -> None:
    """NoArticle for a page with so much markup that taking it apart would take long."""
    tags = (_QUOTED.sub("a", found[0]) for found in _TAG.finditer(page))
    attributes = [max(len(tag.split()) - 1, tag.count("=")) for tag in tags]
    if (
        page.count("<") > _MOST_TAGS
        or sum(attributes) > _MOST_ATTRIBUTES
        or max(attributes, default=0) > _MOST_IN_A_TAG
    ):
        raise _no_article("the page has more tags or attributes than any page of an article")


def _has_sentence(paragraph: str) -> bool:
    """Eight words with a full stop: what can be taken from a page without an article is menus and links."""
    return len(paragraph.split()) >= 8 and bool(re.search(r"[.!?…]", paragraph))


def _no_article(what: str) -> NoArticle:
    return NoArticle(what, "save the article's own page, or its text as plain text")


def _paragraphs(body: Any) -> list[str]:
    """The paragraphs of the extracted tree; a line break stays one, other white space becomes a space."""
    pieces: list[str] = []
    for step, element in _walk(body):
        if element.tag in _BLOCKS:
            pieces.append("\n\n")
        elif element.tag == "lb" and step == "start":
            pieces.append("\n")
        words = element.text if step == "start" else element.tail
        pieces.append(re.sub(r"\s+", " ", words or ""))
    lines = "".join(pieces).split("\n")
    paragraphs = re.split(r"\n{2,}", "\n".join(line.strip() for line in lines))
    return [paragraph.strip() for paragraph in paragraphs if paragraph.strip()]


def _walk(body: Any) -> Any:
    from lxml.etree import iterwalk

    return iterwalk(body, events=("start", "end"))
