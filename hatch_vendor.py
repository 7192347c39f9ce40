"""Brings the page's libraries from npm when Dragoman is installed -> src/dragoman/show/static/vendor.

Invariant: what is unpacked is what npm published under these numbers, byte for byte: each archive must have the SHA-512
that stands here. What is there already is left as it is. `python hatch_vendor.py` does it by hand.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).resolve().parent / "src/dragoman/show/static/vendor"
REGISTRY = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org").rstrip("/")
LIST = "vendored.json"


class Package(NamedTuple):
    """An npm package: its version, the SHA-512 of its archive as npm tells it, and the files that the page needs."""

    name: str
    version: str
    sha512: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "htmx.org",
        "2.0.11",
        "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        ("dist/htmx.min.js",),
    ),
    Package(
        "d3-array",
        "3.2.5",
        "Th8qGXoBalmWsstpkuhmBuTsBQIFqYOJtjlBvNVvBfJ8E3uYusBUwUR8HU20U0qKKQkgCvKyR1YjiozWadk5QA==",
        ("dist/d3-array.min.js",),
    ),
    Package(
        "d3-geo",
        "3.1.2",
        "5R8ZgDQorIxmauv7R6gpE/ndz+Z0qAZssigq0aXFdvPHdY41RqtW02jrRUQAL724NdPABYXo1+gQEGBBr7uKNg==",
        ("dist/d3-geo.min.js",),
    ),
    Package(
        "topojson-client",
        "3.1.0",
        "605uxS6bcYxGXw9qi62XyrV6Q3xwbndjachmNxu8HWTtVPxZfEJN9fd/SZS1Q54Sn2y0TMyMxFj/cJINqGHrKw==",
        ("dist/topojson-client.min.js",),
    ),
    Package(
        "world-atlas",
        "2.0.2",
        "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
        ("countries-110m.json", "countries-50m.json"),
    ),
    Package(
        "cytoscape",
        "3.34.4",
        "msY99tMY8iWTg+sIPGfSqDcPNOt4xcj+v/K/7qUFaCUxxlqnMkUYLBjRUzn9W5CU/R2hrmtJa5+UtovrEM2ctg==",
        ("dist/cytoscape.esm.min.mjs",),
    ),
)


def vendor(target: Path = TARGET) -> bool:
    """Brings all packages that are not there; says whether it brought any. RuntimeError where npm gives other bytes."""
    wanted = {package.name: [package.version, *package.files] for package in PACKAGES}
    known = target / LIST
    if known.exists() and json.loads(known.read_text(encoding="utf-8")) == wanted:
        return False
    target.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        for name, content in _files(package).items():
            partial = target / f"{name}.partial"
            partial.write_bytes(content)
            partial.replace(target / name)
    known.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    return True


def _files(package: Package) -> dict[str, bytes]:
    """The files of a package by the names that they get here: their own, and its licence under its name."""
    archive = _fetched(package)
    if base64.b64encode(hashlib.sha512(archive).digest()).decode() != package.sha512:
        raise RuntimeError(f"{package.name} {package.version}: npm gave other bytes than were published")
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        wanted = {f"package/{file}": Path(file).name for file in package.files}
        wanted["package/LICENSE"] = f"{package.name}.LICENSE"
        found = {}
        for path, name in wanted.items():
            member = packed.extractfile(path)
            assert member, path
            found[name] = member.read()
        return found


def _fetched(package: Package) -> bytes:
    address = f"{REGISTRY}/{package.name}/-/{package.name}-{package.version}.tgz"
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            content: bytes = answer.read()
            return content
    except OSError as error:
        raise RuntimeError(
            f"{address} cannot be fetched ({error}): the page's libraries come from npm when Dragoman is built; "
            "NPM_CONFIG_REGISTRY may name a mirror"
        ) from error


if __name__ == "__main__":
    print("brought" if vendor() else "there already:", TARGET, file=sys.stderr)
