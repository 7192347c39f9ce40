"""The bundle: whole and of this version, or refused with a cure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dragoman.errors import ModelError
from dragoman.model.bundle import open_bundle, packaged


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packaged bundle, to be damaged."""
    folder = tmp_path / "model"
    shutil.copytree(packaged(), folder)
    return folder


def test_the_packaged_bundle_is_whole() -> None:
    bundle = open_bundle(verify=True)
    assert bundle.name and len(bundle.sha256) == 64


def test_one_changed_byte_is_found_when_asked(copy: Path) -> None:
    raw = bytearray((copy / "links.npz").read_bytes())
    raw[len(raw) // 2] ^= 1
    (copy / "links.npz").write_bytes(raw)
    open_bundle(copy)
    with pytest.raises(ModelError, match=r"links\.npz: damaged"):
        open_bundle(copy, verify=True)


def test_a_cut_file_is_found_at_once(copy: Path) -> None:
    path = copy / "model.onnx"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ModelError, match=r"model\.onnx: damaged"):
        open_bundle(copy)


def test_a_missing_file_or_folder(copy: Path, tmp_path: Path) -> None:
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="missing"):
        open_bundle(copy)
    with pytest.raises(ModelError, match="no model bundle"):
        open_bundle(tmp_path / "nowhere")


@pytest.mark.parametrize("change", [{"format": 99}, {"labels": {}}])
def test_a_bundle_of_another_version(copy: Path, change: dict[str, object]) -> None:
    path = copy / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ModelError, match="another version"):
        open_bundle(copy)


@pytest.mark.parametrize("written", ["", "{", "[]", "null"])
def test_a_manifest_that_is_none(copy: Path, written: str) -> None:
    (copy / "manifest.json").write_text(written)
    with pytest.raises(ModelError):
        open_bundle(copy)
