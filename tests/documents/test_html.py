"""Pages: the article and what the page says of it, and nothing else; no page stops a batch."""

from __future__ import annotations

import resource
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from dragoman.config import Settings
from dragoman.documents.html import looks_like_page, read_article
from dragoman.documents.load import Failure, load
from dragoman.errors import NoArticle
from dragoman.records import Report

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Council keeps bridge shut | The Meridian Post</title>
<meta property="og:title" content="Council keeps bridge shut">
<meta property="og:site_name" content="The Meridian Post">
<meta property="article:published_time" content="2031-03-04T09:12:00+02:00">
<meta property="article:modified_time" content="2031-03-09T09:12:00+02:00">
<link rel="canonical" href="https://meridian.example/news/bridge">
<script>document.write("Scripted words")</script></head>
<body><nav><ul><li><a href="/">Home page</a></li><li><a href="/world">World news</a></li></ul></nav>
<article><h1>Council keeps bridge shut</h1>
<p>The city council voted on Tuesday to keep the <b>northern
bridge</b> closed until an inspection is finished, <a href="/officials">officials</a> said, a move that
shopkeepers had asked for.</p>
<h2>What comes next</h2>
<p>“We will not open it before it is safe,” said Mayor Ilse Varga of caf&eacute; owners’ fears.<br>She spoke
at the town hall after the vote had ended late in the evening.</p>
<ul><li>Engineers go in on the first of May</li><li>Walkers may cross by day</li></ul>
<p>Two engineers briefed on the inspection said the work could last until June, and that the cost was not
yet known to the council.</p></article>
<aside class="related"><h3>Related stories</h3>
<ul><li><a href="/x">Ten best bridges of the world</a></li></ul></aside>
<section id="comments"><h3>Comments</h3>
<p>Reader1: I do not believe a word of it, it is all nonsense.</p></section>
<footer>Copyright 2029 The Meridian Post</footer></body></html>"""

ARTICLE = """The city council voted on Tuesday to keep the northern bridge closed until an inspection is \
finished, officials said, a move that shopkeepers had asked for.

What comes next

“We will not open it before it is safe,” said Mayor Ilse Varga of café owners’ fears.
She spoke at the town hall after the vote had ended late in the evening.

Engineers go in on the first of May

Walkers may cross by day

Two engineers briefed on the inspection said the work could last until June, and that the cost was not yet \
known to the council."""


def only(path: Path, **options: Any) -> Report | Failure:
    (result,) = load([path], settings=Settings(), **options)
    return result


def written(folder: Path, page: str | bytes, name: str = "page.html") -> Path:
    path = folder / name
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return path


def test_article_with_title_day_outlet_and_address(tmp_path: Path) -> None:
    report = only(written(tmp_path, PAGE), published="1999-01-01", outlet="Other")
    assert isinstance(report, Report)
    assert report.text == ARTICLE
    assert report.title == "Council keeps bridge shut"
    assert (report.outlet, report.published) == ("The Meridian Post", "2031-03-04")
    assert (report.url, report.language) == ("https://meridian.example/news/bridge", "en")


def test_what_the_page_does_not_say_comes_from_the_options(tmp_path: Path) -> None:
    page = "<html><body>" + PAGE[PAGE.index("<article>") :]
    report = only(written(tmp_path, page), published="4 March 2031", outlet="The Herald")
    assert isinstance(report, Report)
    assert (report.published, report.outlet, report.url) == ("2031-03-04", "The Herald", None)


def test_no_day_is_guessed_from_the_words_of_a_page(tmp_path: Path) -> None:
    page = "<html><body>" + PAGE[PAGE.index("<article>") :].replace("on Tuesday", "on 5 January 2020")
    report = only(written(tmp_path, page))
    assert isinstance(report, Report)
    assert report.published is None


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-16", "koi8-r"])
def test_declared_charset(tmp_path: Path, charset: str) -> None:
    page = PAGE.replace("utf-8", charset).replace("“", '"').replace("”", '"').replace("’", "'").replace("&eacute;", "e")
    if charset != "koi8-r":
        page = page.replace("Ilse Varga", "Zoë Müller")
    report = only(written(tmp_path, page.encode(charset)))
    assert isinstance(report, Report)
    assert ("Zoë Müller" in report.text) == (charset != "koi8-r")


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><head><title>Only a title</title></head></html>",
        "<html><body><nav><a href='/'>Home</a> <a href='/x'>World</a></nav></body></html>",
        "<html><body><script>var words = 'The council voted on Tuesday';</script></body></html>",
        "<html><body>" + "<b>" * 20_000,
        "<!doctype html>" + "<" * 10_000,
        "no markup at all",
    ],
)
def test_page_without_an_article(tmp_path: Path, page: str) -> None:
    path = written(tmp_path, page)
    failure = only(path)
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, NoArticle)
    assert str(failure.error).startswith(f"{path}: the page holds no article: save the article's own page")


def test_very_deep_page_is_quick_and_small(tmp_path: Path) -> None:
    only(written(tmp_path, PAGE))  # so that the import is not counted
    deep = "<html><body>" + "<div>" * 20_000 + "<p>" + "words " * 200 + "</div>" * 20_000
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    result = only(written(tmp_path, deep))
    assert time.process_time() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 50_000  # kilobytes
    assert isinstance(result, Report) or isinstance(result.error, NoArticle)


@pytest.mark.parametrize("error", [RecursionError("too deep"), ValueError("odd"), MemoryError(), AssertionError()])
def test_extractor_that_breaks_is_a_page_without_an_article(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("trafilatura.bare_extraction", breaks)
    with pytest.raises(NoArticle, match=type(error).__name__):
        read_article(PAGE)


def test_nothing_is_fetched_and_no_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuses)
    monkeypatch.setattr(socket, "getaddrinfo", refuses)
    secret = written(tmp_path, "Secret words of another file", "secret.txt")
    page = PAGE.replace(
        "<!doctype html>",
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY leak SYSTEM "file://{secret}">'
        '<!ENTITY far SYSTEM "http://127.0.0.1:9/x">]>',
    ).replace("What comes next", 'What comes &leak; &far; <img src="http://127.0.0.1:9/x.png"> next')
    report = only(written(tmp_path, page))
    assert isinstance(report, Report)
    assert "Secret" not in report.text


def test_address_with_script_is_dropped(tmp_path: Path) -> None:
    report = only(written(tmp_path, PAGE.replace("https://meridian.example/news/bridge", "javascript:alert(1)")))
    assert isinstance(report, Report)
    assert report.url is None or report.url.startswith("http")


@pytest.mark.parametrize(
    ("start", "page"),
    [
        ("<!DOCTYPE HTML><p>", True),
        ("\ufeff \n<html lang=en>", True),
        ("<?xml version='1.0'?>\n<!-- saved -->\n<html>", True),
        ("<article><p>", True),
        ("The <html> tag was named", False),
        ("<htmlish>", False),
        ("<!---->" * 500, False),  # must not take for ever
        ("", False),
    ],
)
def test_page_is_known_by_its_start(start: str, page: bool) -> None:
    assert looks_like_page(start) is page
