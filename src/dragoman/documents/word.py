"""Word documents (.docx): the paragraphs of the document's body as one report.

Invariant: of the archive only the body, the properties and the list of its parts are read, bit by bit; none holds a
declaration from which XML bombs and entities are made, and nothing that the document names is opened, run or fetched.
Of tracked changes the text is read as if all were accepted; hidden text is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO
from xml.parsers import expat
from zipfile import ZipFile

from dragoman.config import Settings
from dragoman.documents.incoming import Failure, Options, captured, check_size, too_large, tried
from dragoman.documents.single import document_report, too_long
from dragoman.documents.unpack import Allowance, seekable
from dragoman.documents.zips import open_member, open_zip
from dragoman.errors import DamagedFile, UnsafeXml
from dragoman.records import Report

_BODY = "word/document.xml"
_RELATIONS = "_rels/.rels"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PROPERTIES = "docProps/core.xml"
# Pictures are packed already, and XML packs some ten times.
_UNPACKED = 10
_PIECE, _LONGEST_TAG = 1 << 16, 1 << 20
_DEEPEST = 500
_SAVE_AGAIN = "open it in Word or LibreOffice and save it again as .docx or as plain text"
# Text that was moved away, what older programs show in place of something, and fields' instructions.
_LEFT_OUT = frozenset({"moveFrom", "del", "Fallback", "instrText"})
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_HIDDEN = "hidden"
_HEADLINES = frozenset({"Title", "Heading1"})


def read_word(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The text of a Word document as one report."""
    yield tried(name, lambda: _report(stream, name, options))


def _report(stream: BinaryIO, name: str, options: Options) -> Report:
    stream = seekable(stream, options.settings.max_file_bytes, too_large(options.settings))
    capture = captured(stream, name, MEDIA_TYPE, options.settings)
    allowance = options.allowance or Allowance(_UNPACKED * options.settings.max_file_bytes)
    archive = open_zip(stream, allowance, inside=options.depth > 0)
    body = _Body(options)
    _parse(archive, _part(archive, options.settings), options.settings, body.start, body.end, body.words)
    title = body.headline or (_title(archive, options.settings) if _PROPERTIES in archive.namelist() else None)
    return document_report(body.paragraphs, title, options, capture)


def is_word(names: Sequence[str]) -> bool:
    """Whether a zip archive with such files in it is a Word document."""
    return _BODY in names or (_RELATIONS in names and any(name.startswith("word/") for name in names))


def _part(archive: ZipFile, settings: Settings) -> str:
    """The file of the archive that holds the body: some programs have it elsewhere than Word does."""
    found: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        if not found and tag == "Relationship" and given.get("Type", "").endswith("/officeDocument"):
            found.append(given.get("Target", "").lstrip("/"))

    if _RELATIONS in archive.namelist():
        _parse(archive, _RELATIONS, settings, start, lambda _: None, lambda _: None)
    return next(iter(found), _BODY)


def _title(archive: ZipFile, settings: Settings) -> str:
    """The title among the document's properties."""
    inside: list[str] = []
    title: list[str] = []

    def words(text: str) -> None:
        if inside[-1:] == ["title"]:
            title.append(text)

    _parse(archive, _PROPERTIES, settings, lambda tag, _: inside.append(tag), lambda _: inside.pop(), words)
    return "".join(title)


def _parse(
    archive: ZipFile,
    member: str,
    settings: Settings,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    words: Callable[[str], object],
) -> None:
    """Reads a member as XML, telling of each element by its name without namespace."""

    def refuse(*_: object) -> None:
        raise UnsafeXml("it declares a document type, which no Word document does", _SAVE_AGAIN)

    depth = 0

    def begin(tag: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise DamagedFile("its parts are nested too deep", _SAVE_AGAIN)
        start(tag.rpartition(" ")[2], given)

    def finish(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(" ")[2])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = words
    size = 0
    try:
        with open_member(archive, member) as opened:
            while piece := opened.read(_PIECE):
                size += len(piece)
                check_size(size, settings)
                parser.Parse(piece)
                if size - parser.CurrentByteIndex > _LONGEST_TAG:  # it is looked through anew with each piece
                    raise DamagedFile("a tag in it is too long", _SAVE_AGAIN)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DamagedFile(f"its {member} is damaged ({error})", _SAVE_AGAIN) from error


class _Body:
    """Gathers the paragraphs of a document's body while it is parsed; those of text boxes lie inside others.

    So do their runs: `_runs` has those that are open, and `pPr`, where a tab is no text and what is hidden is a mark.
    """

    def __init__(self, options: Options) -> None:
        self.paragraphs: list[str] = []
        self.headline: str | None = None
        self._options = options
        self._left = options.settings.max_bytes
        self._open: list[list[str]] = []
        self._style = ""
        self._runs: list[str] = []
        self._in_text = False
        self._left_out = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        if tag in _LEFT_OUT:
            self._left_out += 1
        elif tag == "p":
            self._open.append([])
        elif tag in ("r", "pPr"):
            self._runs.append(tag)
        elif tag == "t":
            self._in_text = True
        elif tag in _BREAKS and self._runs[-1:] == ["r"]:
            self._write(_BREAKS[tag])
        elif tag == "vanish" and self._runs[-1:] == ["r"] and _value(given) not in ("0", "false", "off"):
            self._runs[-1] = _HIDDEN
        elif tag == "pStyle":
            self._style = _value(given)

    def words(self, text: str) -> None:
        """Words stand in an element."""
        if self._in_text:
            self._write(text)

    def end(self, tag: str) -> None:
        """An element is at its end."""
        if tag in _LEFT_OUT:
            self._left_out -= 1
        elif tag in ("r", "pPr"):
            self._runs.pop()
        elif tag == "t":
            self._in_text = False
        elif tag == "p":
            self._end_paragraph("".join(self._open.pop()).strip())

    def _write(self, text: str) -> None:
        if _HIDDEN in self._runs or self._left_out or not self._open:
            return
        self._open[-1].append(text)
        self._left -= len(text)
        if self._left < 0:
            raise too_long(self._options)

    def _end_paragraph(self, text: str) -> None:
        if text:
            if not self.paragraphs and self._style in _HEADLINES:
                self.headline = text
            self.paragraphs.append(text)
        self._style = ""


def _value(given: dict[str, str]) -> str:
    return next((value for name, value in given.items() if name.endswith(" val")), "")
