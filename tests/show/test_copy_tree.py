from __future__ import annotations

from dragoman.compare.copies import Copy, Origin, Tree
from dragoman.show.copy_tree import MOST, Leaf, copy_tree


def origin(id: str) -> Origin:
    return Origin(id, None, None, None)


def copy(report: str, original: str) -> Copy:
    return Copy(origin(report), origin(original), "copy", 0.9, (), (), ())


def shape(leaf: Leaf) -> dict[str, object]:
    return {one.origin.id: shape(one) for one in leaf.inner}


def test_a_copy_hangs_on_what_it_was_taken_from() -> None:
    tree = Tree(origin("a"), (copy("b", "a"), copy("c", "b"), copy("d", "a")))
    found = copy_tree(tree, "b")
    assert (found.root.origin.id, shape(found.root)) == ("a", {"b": {"c": {}}, "d": {}})
    assert found.how == tree.copies[0]
    assert (found.taken_up, found.left_out) == (1, 0)
    original = copy_tree(tree, "a")
    assert (original.how, original.taken_up) == (None, 3)


def test_of_many_copies_those_around_the_report_are_shown() -> None:
    many = [copy(f"x{n}", "a") for n in range(2 * MOST)]
    tree = Tree(origin("a"), (*many, copy("y", "a"), copy("z", "y"), copy("zz", "z")))
    found = copy_tree(tree, "z")
    shown = shape(found.root)
    assert shown["y"] == {"z": {"zz": {}}}
    assert len(shown) == MOST - 1 - 2
    assert found.left_out == len(tree.copies) - (MOST - 1)
