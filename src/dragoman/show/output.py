"""What leaves the program: results on standard output or in a file, all else on standard error.

Invariant: words of a report or a file name that are shown to people hold nothing that a terminal obeys.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from dragoman.errors import DragomanError, UsageError

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_TURNS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they would turn the line round a name
_LONE = range(0xD800, 0xE000)
_UNSHOWN = {code: "\ufffd" for codes in (_CONTROLS, _TURNS, _LONE) for code in codes}


def one_line(words: str) -> str:
    """Words in one line, without anything that a terminal would obey."""
    return flowing(words).strip()


def flowing(words: str) -> str:
    """The same, with a space kept at either end."""
    return re.sub(r"\s+", " ", words).translate(_UNSHOWN)


def tell(what: str, cure: str = "") -> None:
    """Says something on standard error: what is the case and, on a line of its own, what to do."""
    lines = [f"dragoman: {one_line(what)}", *([f"  {one_line(cure)}"] if cure else [])]
    print(*lines, sep="\n", file=sys.stderr)


def as_json(value: Any) -> str:
    """JSON in one line. Half a surrogate pair, which UTF-8 cannot hold, is written as its escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def write(pieces: Iterable[str]) -> None:
    """Writes to standard output in UTF-8, whatever the terminal's encoding: other programs read it."""
    if sys.stdout is None:  # it was closed before the start
        raise DragomanError("standard output is closed", "let it go somewhere, or to /dev/null")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    for piece in pieces:
        sys.stdout.write(piece)


def write_bytes(pieces: Iterable[bytes]) -> None:
    """Writes to standard output as it is."""
    if sys.stdout is None:  # it was closed before the start
        raise DragomanError("standard output is closed", "let it go somewhere, or to /dev/null")
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece)


def save(pieces: Iterable[bytes], path: Path) -> None:
    """Writes a file whole or not at all: what stood there before stays until all is written.

    A database is not written over: it may be a ledger, even the one that is being read.
    """
    try:
        if path.is_file():
            with path.open("rb") as there:
                if there.read(len(_DATABASE)) == _DATABASE:
                    raise UsageError(f"{path} is a database, which would be lost", "give another file with --out")
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(0o666 & ~_umask())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        cure = "give another file with --out, or check the disk and the permissions"
        raise DragomanError(f"{path} cannot be written ({error.strerror or error})", cure) from error


_DATABASE = b"SQLite format 3\0"
"""How every file of SQLite begins."""


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
