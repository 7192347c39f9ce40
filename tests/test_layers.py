"""Who may import whom, as the design has it, held against the import statements of every file.

Imports inside functions and behind TYPE_CHECKING count: a type is knowledge of another part, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

GROUND = frozenset(
    "records codes errors config offline arrow sentences quotations holding conditions times numbers".split()
)
READING = frozenset({"documents", "model", "sources", "names", "events"})
AFTER = frozenset({"ledger", "compare", "pipeline", "adding"})

MAY_IMPORT: dict[str, frozenset[str]] = {
    "records": frozenset(),
    "codes": frozenset({"records"}),
    "errors": frozenset({"records", "codes"}),
    "config": frozenset({"errors"}),
    "arrow": frozenset({"records"}),
    "offline": frozenset(),
    "sentences": frozenset({"records"}),
    "quotations": frozenset({"records"}),
    "holding": frozenset({"records"}),
    "conditions": frozenset({"records"}),
    "times": frozenset({"records", "sentences"}),
    "numbers": frozenset({"records"}),
    **dict.fromkeys(READING, GROUND),
    "ledger": GROUND,
    "compare": GROUND | {"ledger"},
    "pipeline": GROUND | READING,
    "adding": GROUND | {"ledger", "pipeline"},
    "watching": GROUND | {"documents", "ledger", "pipeline", "adding"},
    "coding": GROUND | {"documents", "ledger", "pipeline", "adding"},
    "spacy": GROUND | {"pipeline"},
    "show": GROUND | AFTER | {"coding"},
    "cli": GROUND | AFTER | {"watching", "coding", "show"},
    "__main__": frozenset({"cli"}),
    "dragoman": GROUND | AFTER,  # the package itself: its few public names
    "training": frozenset({"records", "codes", "sentences", "model"}),
    # Scoring reads whole reports, as users do: that is what is measured.
    **dict.fromkeys(
        ("training.evaluate", "training.choose", "training.calibrate"),
        frozenset({"records", "codes", "model", "names", "events", "pipeline", "config"}),
    ),
    **dict.fromkeys(("training.geo", "training.temporal"), frozenset({"records", "names", "times", "pipeline"})),
    **dict.fromkeys(
        ("training.copies", "training.happenings"),
        frozenset({"records", "codes", "config", "ledger", "compare", "pipeline"}),
    ),
}
"""For each part, the other parts of dragoman that it may import; its own folder always."""

NEVER_UNDER_SRC = frozenset({"torch", "training", "transformers", "sklearn", "onnx"})

FILES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "training").rglob("*.py")])


def module_name(path: Path) -> str:
    """The name a file is imported by."""
    base = ROOT / "src" if (ROOT / "src") in path.parents else ROOT
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, module: str, is_package: bool) -> Iterator[str]:
    """The full name of everything that import statements and `import_module("...")` name."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
            "import_module",
            "__import__",
        ):
            yield from (str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant))


def part_of(module: str) -> str:
    """The part of the program that a module belongs to: `dragoman.ledger.store` -> ledger."""
    first, *rest = module.split(".")
    if first == "training":
        return module if module in MAY_IMPORT else first
    return rest[0] if rest else first


def violations(source: str, module: str, is_package: bool = False) -> list[str]:
    """Each import of a module that its part may not make."""
    own, wrong = part_of(module), []
    for name in imported(ast.parse(source), module, is_package):
        top = name.partition(".")[0]
        if module.startswith("dragoman") and top in NEVER_UNDER_SRC:
            wrong.append(f"{module} imports {name}")
        elif top == "dragoman":
            part = part_of(name)
            known = part in MAY_IMPORT or part == "dragoman"
            if part != own and (not known or part not in MAY_IMPORT[own]):
                wrong.append(f"{module} imports {name}")
    return wrong


@pytest.mark.parametrize("path", FILES, ids=[module_name(path) for path in FILES])
def test_imports_keep_to_the_layers(path: Path) -> None:
    module = module_name(path)
    assert part_of(module) in MAY_IMPORT, f"{module} is in no part that the design knows"
    assert violations(path.read_text(encoding="utf-8"), module, path.name == "__init__.py") == []


def test_every_part_is_looked_at() -> None:
    assert {part_of(module_name(path)) for path in FILES} >= {*READING, *GROUND, "ledger", "show", "cli"}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("dragoman.model.encoder", "import torch"),
        ("dragoman.model.encoder", "def f():\n    from torch.nn import Module"),
        ("dragoman.model.encoder", "from training.heads import Heads"),
        ("dragoman.model.encoder", "import importlib\nimportlib.import_module('torch')"),
        ("dragoman.names.actors", "from dragoman.sources.quotes import x"),
        ("dragoman.names.actors", "from dragoman import ledger"),
        ("dragoman.names.actors", "from ..ledger import store"),
        ("dragoman.names.actors", "import dragoman"),
        ("dragoman.ledger.store", "if TYPE_CHECKING:\n    from dragoman.pipeline import Reader"),
        ("dragoman.pipeline", "from dragoman.ledger.store import Ledger"),
        ("dragoman.show.app", "from dragoman.cli import app"),
        ("dragoman.show.app", "import dragoman.documents.load as load"),
        ("dragoman.cli", "from dragoman.model.bundle import open_bundle"),
        ("dragoman.records", "from dragoman.codes import codes"),
        ("dragoman.errors", "from dragoman.config import Settings"),
        ("training.train", "from dragoman.pipeline import Reader"),
    ],
)
def test_the_check_sees_a_wrong_import(module: str, source: str) -> None:
    assert violations(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("dragoman.ledger.store", "from .schema import readings\nfrom dragoman.records import Reading"),
        ("dragoman.show.screen", "from dragoman.show import wording\nimport dragoman.ledger.query"),
        ("dragoman.pipeline", "import numpy\nfrom dragoman.names.mentions import chain"),
        ("training.train", "import torch\nfrom dragoman.model.tokens import Tokenizing"),
    ],
)
def test_the_check_lets_a_right_import_pass(module: str, source: str) -> None:
    assert violations(source, module) == []
