"""Every error that Dragoman raises on purpose. A message says what was wrong, where, and what to do.

DragomanError
├── UsageError              the command or call was put wrongly
├── ReportError             one report cannot be read; the rest of a batch goes on
│   ├── UnreadableFile      missing, not permitted, an I/O error
│   ├── EmptyReport         no words in it
│   ├── NotText             binary, or in an encoding that is not the one declared
│   ├── ReportTooLong       over the limit of the settings
│   ├── NoArticle           a page without an article
│   ├── PassedOver          what of a web archive, or a part of a corpus, is no report, as is usual; nothing failed
│   ├── BrokenLine          a line of JSON Lines, or a row of CSV, that is not a report
│   ├── UnsafeXml           XML that would harm whoever parses it, or none at all
│   ├── BrokenFeed          a feed, a sitemap or a list of feeds that is none
│   ├── DamagedFile         a packed file, PDF, document, message or table that is broken or breaks off
│   ├── UnpacksTooFar       packed, and far more than its size comes out
│   ├── UnsafeArchive       an archive with links, names that lead out of it, or too many files
│   ├── EncryptedFile       it opens only with a password
│   ├── NoTextLayer         a PDF of pictures
│   ├── NoSuchColumn        a table without the column that should hold the text
│   ├── AddressRefused      an address that is never fetched, or that its site lets no program fetch
│   ├── FetchFailed         an address that did not give what was asked
│   └── OtherLanguage       not English
├── ModelError              the model bundle is missing, damaged, or of another version
├── GazetteerError          the gazetteer of places is missing, or none
├── WorkerError             a process that should read reports cannot begin
├── StorageError            a file or folder of a corpus cannot be read or written; what is done is kept
├── CodingError             a folder of coded reports was made otherwise, or is none
├── LedgerError             the ledger cannot be used; it is as it was before
│   ├── NotALedger          the file is something else
│   ├── NewerLedger         written by a later version
│   ├── LedgerBusy          another process writes
│   └── LedgerWriteFailed   disk full, I/O error, not permitted
├── NotAPack                the file is no evidence pack, or none that can be looked at
├── SignedOut               who asks must sign in first
├── Overtaken               somebody else changed it meanwhile
├── Forbidden               who asks may not do it
└── NotFound                nothing in the ledger under that id
"""

from __future__ import annotations


class DragomanError(Exception):
    """The root of the tree. `what` names the thing and what is wrong with it, `cure` what to do."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what, cure)
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.what}: {self.cure}" if self.cure else self.what


def fault(error: Exception) -> str:
    """What an error that nobody meant to raise is called in a message."""
    what = error.what if isinstance(error, DragomanError) else f"{type(error).__name__}: {error}"
    return f"a fault in Dragoman itself ({what})"


class UsageError(DragomanError):
    """The command or call was put wrongly."""


class ReportError(DragomanError):
    """One report cannot be read."""


class UnreadableFile(ReportError):
    """The file is missing, not permitted, or fails while being read."""


class EmptyReport(ReportError):
    """There are no words in it."""


class NotText(ReportError):
    """It is binary, or in an encoding that cannot be told."""


class ReportTooLong(ReportError):
    """It is over the limit of the settings."""


class NoArticle(ReportError):
    """A page that holds no article."""


class PassedOver(ReportError):
    """What a web archive holds besides its reports, or only in part, told at once; or a part of a corpus without any.

    Nothing failed.
    """


class BrokenLine(ReportError):
    """A line of JSON Lines, or a row of CSV, that is not a report."""


class UnsafeXml(ReportError):
    """XML that would harm whoever parses it, or none at all."""


class BrokenFeed(ReportError):
    """A feed, a sitemap or a list of feeds that is none."""


class DamagedFile(ReportError):
    """A packed file, PDF, document, message or table that is broken, breaks off or is not what its name says."""


class UnpacksTooFar(ReportError):
    """It is packed, and far more than its size comes out of it."""


class UnsafeArchive(ReportError):
    """An archive with links, names that lead out of it, files over one another, or too many."""


class EncryptedFile(ReportError):
    """It opens only with a password."""


class NoTextLayer(ReportError):
    """A PDF of pictures, in which no text can be read."""


class NoSuchColumn(ReportError):
    """A table without the column that should hold the text, or another that was asked for."""


class AddressRefused(ReportError):
    """An address that is never fetched, or that its site lets no program fetch."""


class FetchFailed(ReportError):
    """An address that did not give what was asked.

    `status` is that of the answer, if there was one; `retry_after` the seconds that the site wants to be left alone.
    """

    def __init__(self, what: str, cure: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(what, cure)
        self.status = status
        self.retry_after = retry_after


class OtherLanguage(ReportError):
    """It is not in English."""


class ModelError(DragomanError):
    """The model bundle is missing, damaged, or of another version."""


class GazetteerError(DragomanError):
    """The gazetteer of places is missing, or no gazetteer."""


class WorkerError(DragomanError):
    """A process that should read reports cannot begin."""


class StorageError(DragomanError):
    """A file or folder of a corpus cannot be read or written."""


class CodingError(DragomanError):
    """A folder of coded reports was made otherwise, or is none."""


class LedgerError(DragomanError):
    """The ledger cannot be used; it is as it was before."""


class NotALedger(LedgerError):
    """The file is something else."""


class NewerLedger(LedgerError):
    """It was written by a later version of Dragoman."""


class LedgerBusy(LedgerError):
    """Another process is writing."""


class LedgerWriteFailed(LedgerError):
    """The disk is full, or an I/O error, or writing is not permitted."""


class NotAPack(DragomanError):
    """The file is no evidence pack, or none that can be looked at."""


class SignedOut(DragomanError):
    """Nobody is signed in, or no longer."""


class Overtaken(DragomanError):
    """Somebody else changed meanwhile what was to be decided of."""


class Forbidden(DragomanError):
    """Who asks may not do it."""


class NotFound(DragomanError):
    """Nothing in the ledger under that id."""
