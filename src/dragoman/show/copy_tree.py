"""The copy tree of a report for its page: what it copies, what copies it, what was added and cut.

Invariant: the report itself is in it, and whatever stands in it hangs where it hangs in the whole tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.compare.copies import Copy, Origin, Tree

MOST = 30
"""Reports that are shown: a wire story can have hundreds of copies, and a page is for reading."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A report in the tree, how it hangs there (None: it is the original), and what hangs on it."""

    origin: Origin
    how: Copy | None
    inner: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class CopyTree:
    """The tree around one report: how that itself hangs in it, how many hang on it, how many are not shown."""

    root: Leaf
    how: Copy | None
    taken_up: int
    left_out: int


def copy_tree(tree: Tree, report: str) -> CopyTree:
    """The tree as seen from one of its reports, named by its whole id: what it hangs on and its own copies first."""
    how = {copy.report.id: copy for copy in tree.copies}
    wanted = dict.fromkeys([*_path(how, report)[::-1], *_under(tree, report), *how])
    kept = [id for id in wanted if id in how][: MOST - 1]

    def leaf(origin: Origin) -> Leaf:
        hanging = (how[id] for id in how if id in kept and how[id].original.id == origin.id)
        return Leaf(origin, how.get(origin.id), tuple(leaf(copy.report) for copy in hanging))

    taken_up = len(list(_under(tree, report)))
    return CopyTree(leaf(tree.original), how.get(report), taken_up, len(how) - len(kept))


def _path(how: dict[str, Copy], report: str) -> list[str]:
    """A report and what it hangs on, up to the original."""
    path = [report]
    while path[-1] in how:
        path.append(how[path[-1]].original.id)
    return path


def _under(tree: Tree, report: str) -> Iterator[str]:
    """What hangs on a report, or on that; a tree has an original before its copies."""
    found = {report}
    for copy in tree.copies:
        if copy.original.id in found:
            found.add(copy.report.id)
            yield copy.report.id
