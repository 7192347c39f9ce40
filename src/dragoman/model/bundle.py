"""The bundle: everything the reader needs of the model, in one folder, checked before it is used.

Invariant: `manifest.json` names each file with its SHA-256 and the labels it was trained for; a bundle
that does not fit is refused, never half used.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from dragoman.errors import ModelError
from dragoman.model.labels import GUIDELINES, layout

FORMAT = 2
CURE = "reinstall dragoman, or give a whole bundle with DRAGOMAN_MODEL"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked bundle: its folder, its manifest, and the SHA-256 of the manifest, which stands for all of it."""

    folder: Path
    manifest: dict[str, Any]
    sha256: str

    @property
    def name(self) -> str:
        """The name of the model, as a reading's `made_by` gives it."""
        return str(self.manifest["name"])

    def path(self, file: str) -> Path:
        return self.folder / file


def packaged() -> Path:
    """The folder of the bundle that ships with the package."""
    return Path(str(files("dragoman"))) / "data" / "model"


def labels_of_this_version() -> dict[str, Any]:
    """What a manifest says about labels, for the code as it is."""
    labels = layout()
    return {
        "guidelines": list(GUIDELINES),
        "tags": {head: list(names) for head, names in labels.tags.items()},
        "links": {head: list(names) for head, names in labels.links.items()},
    }


def open_bundle(folder: Path | None = None, *, verify: bool = False) -> Bundle:
    """The bundle of a folder, by default the packaged one; `verify` also reads every file to check it.

    Raises ModelError when it is missing, damaged, or made for other labels.
    """
    folder = folder or packaged()
    path = folder / "manifest.json"
    try:
        raw = path.read_bytes()
        manifest = dict(json.loads(raw))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: no model bundle there ({error})", CURE) from error
    if manifest.get("format") != FORMAT or manifest.get("labels") != labels_of_this_version():
        raise ModelError(f"{path}: made for another version of Dragoman", CURE)
    for file, expected in manifest.get("files", {}).items():
        _check(folder / file, expected, verify)
    return Bundle(folder, manifest, hashlib.sha256(raw).hexdigest())


def _check(path: Path, expected: dict[str, Any], verify: bool) -> None:
    """The size always, for it costs nothing; the checksum only when asked (`dragoman doctor`)."""
    try:
        if path.stat().st_size != expected["bytes"]:
            raise ModelError(f"{path}: damaged, {path.stat().st_size} bytes where {expected['bytes']} should be", CURE)
        if verify and sha256(path) != expected["sha256"]:
            raise ModelError(f"{path}: damaged, its checksum differs", CURE)
    except OSError as error:
        raise ModelError(f"{path}: missing from the model bundle ({error})", CURE) from error


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
