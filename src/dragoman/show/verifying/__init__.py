"""Whether an evidence pack is what it was when it was made: each file, each quotation, nothing missing, nothing extra.

Invariant: nothing is unpacked, and a hostile file costs bounded memory and time. What is wrong is told with the name of
the file or claim, never raised; only what is no pack at all is a NotAPack.
"""

from __future__ import annotations

from dragoman.show.verifying.check import Verified, verify

__all__ = ["Verified", "verify"]
