"""Writes the bundle: `python -m training.export WEIGHTS [--out FOLDER] [--name NAME]`.

int8 ONNX with the word pieces' embeddings in int8 too, the link heads as half floats. Nothing is written
unless ONNX and PyTorch agree: float32 to 1e-3 in every logit, int8 in at least 97 of 100 decoded labels.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import yaml
from onnxruntime.quantization import QuantType, quantize_dynamic

from dragoman.model.bundle import FORMAT, labels_of_this_version, packaged, sha256
from dragoman.model.encoder import OVERLAP, SIZE, OnnxEncoder
from dragoman.model.labels import layout
from dragoman.model.links import RoleScorer, places
from dragoman.model.tokens import Batch, Tokenizing, fill, windows
from training.heads import Model
from training.train import minilm

DECODING = Path(__file__).parent / "configs" / "decoding.yaml"
PROBE = Path(str(files("dragoman"))) / "data" / "sample"  # the sample reports: the two are compared on them


def export(weights: Path, out: Path, name: str, decoding: Path = DECODING, *, whole: bool = False) -> None:
    """The bundle of trained weights, in a folder that it replaces; `whole` keeps float32, to compare."""
    model = Model(dropout=0.0).eval()
    model.load_state_dict(torch.load(weights, map_location="cpu"))
    batch = _probe(minilm() / "tokenizer.json")
    with tempfile.TemporaryDirectory() as temporary:
        unpacked, made = Path(temporary) / "float.onnx", Path(temporary) / "bundle"
        made.mkdir()
        shutil.copy(minilm() / "tokenizer.json", made / "tokenizer.json")
        _to_onnx(model, batch, unpacked)
        _same(model, batch, OnnxEncoder(unpacked, 1))
        if whole:
            shutil.copy(unpacked, made / "model.onnx")
        else:
            _quantize(unpacked, made / "model.onnx")
            _agrees(model, batch, OnnxEncoder(made / "model.onnx", 1))
        arrays = _link_arrays(model)
        _same_links(model, arrays)
        halves: dict[str, Any] = {key: value.astype(np.float16) for key, value in arrays.items()}
        np.savez_compressed(made / "links.npz", **halves)
        write_manifest(made, name, decoding)
        shutil.copytree(made, out, dirs_exist_ok=True)


def _quantize(unpacked: Path, packed: Path) -> None:
    quantize_dynamic(
        unpacked,
        packed,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=["/tags/MatMul"],  # small, and what all is read off
        extra_options={"MatMulConstBOnly": True},
    )


def write_manifest(out: Path, name: str, decoding: Path = DECODING) -> None:
    """manifest.json over the files that stand in the folder."""
    listed = {
        file: {"bytes": (out / file).stat().st_size, "sha256": sha256(out / file)}
        for file in ("model.onnx", "links.npz", "tokenizer.json")
    }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": name,
        "labels": labels_of_this_version(),
        "decoding": yaml.safe_load(decoding.read_text(encoding="utf-8")),
        "files": listed,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _probe(tokenizer: Path) -> Batch:
    tokens = Tokenizing(tokenizer)(
        "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(PROBE.glob("*.txt")))
    )
    spans = windows(tokens, SIZE, OVERLAP)
    rows = len(spans)
    return fill([tokens] * rows, spans, [0] * rows, [None] * rows, SIZE)


def _inputs(batch: Batch) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(getattr(batch, part)) for part in ("pieces", "surfaces", "roles", "guideline"))


def _to_onnx(model: Model, batch: Batch, path: Path) -> None:
    rows_and_pieces = {0: "rows", 1: "pieces"}
    torch.onnx.export(
        model.encoder,
        _inputs(batch),
        str(path),
        input_names=["pieces", "surfaces", "roles", "guideline"],
        output_names=["states", "tags"],
        dynamic_axes=dict.fromkeys(("pieces", "surfaces", "roles", "states", "tags"), rows_and_pieces)
        | {"guideline": {0: "rows"}},
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(path))


def _same(model: Model, batch: Batch, encoder: OnnxEncoder) -> None:
    """float32 ONNX gives what PyTorch gives."""
    with torch.no_grad():
        expected = model.encoder(*_inputs(batch))
    for ours, theirs in zip(encoder(batch), expected, strict=True):
        gap = float(np.abs(ours - theirs.numpy()).max())
        if gap > 1e-3:
            raise SystemExit(f"ONNX and PyTorch differ by {gap}: no bundle written")


def _agrees(model: Model, batch: Batch, encoder: OnnxEncoder) -> None:
    """int8 decodes nearly every word as float32 does."""
    with torch.no_grad():
        _, expected = model.encoder(*_inputs(batch))
    _, ours = encoder(batch)
    read = batch.pieces > 0
    kept = {
        head: float((ours[read][:, columns].argmax(-1) == expected.numpy()[read][:, columns].argmax(-1)).mean())
        for head in ("cue", "trigger", "names", "source", "content", "party")
        for columns in [layout().columns(head)]
    }
    print("int8 gives the label of float32 on", ", ".join(f"{share:.1%} ({head})" for head, share in kept.items()))
    if min(kept.values()) < 0.97:
        raise SystemExit("int8 and float32 differ in more than 3 of 100 labels: no bundle written")


def _link_arrays(model: Model) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    def stacked(linear: torch.nn.Linear) -> np.ndarray[Any, np.dtype[np.float32]]:
        return torch.cat([linear.weight.T, linear.bias[None]]).detach().numpy()

    arrays = {"chain.mention": stacked(model.chain.mention)}
    for head in model.links:
        roles = model.roles(head)
        arrays[f"{head}.anchor"], arrays[f"{head}.word"] = stacked(roles.anchor), stacked(roles.word)
        arrays[f"{head}.pair"], arrays[f"{head}.near"] = roles.pair.detach().numpy(), roles.near.detach().numpy()
    arrays["chain.pair"], arrays["chain.near"] = model.chain.pair.detach().numpy(), model.chain.near.detach().numpy()
    return arrays


def _same_links(model: Model, arrays: dict[str, np.ndarray[Any, np.dtype[np.float32]]]) -> None:
    """The link heads in NumPy give what PyTorch gives."""
    rng = np.random.default_rng(0)
    states = rng.normal(size=(40, 384)).astype(np.float32)
    anchors = np.array([3, 17])
    distance = np.arange(40)[None] - anchors[:, None]
    for head in model.links:
        module = model.roles(head)
        scorer = RoleScorer.load(arrays, head)
        place = places(distance, distance // 7)
        ours = scorer(states[anchors], scorer.words(states), place)
        both = torch.from_numpy(states)
        with torch.no_grad():
            theirs = module(
                both[anchors], both[None], torch.zeros(2, dtype=torch.int64), torch.from_numpy(place)
            ).numpy()
        gap = float(np.abs(ours - theirs).max())
        if gap > 1e-2:
            raise SystemExit(f"{head}: NumPy and PyTorch differ by {gap}: no bundle written")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--out", type=Path, default=packaged())
    parser.add_argument("--name", default="dragoman-minilm-2")
    parser.add_argument("--decoding", type=Path, default=DECODING, help="biases, thresholds and calibration, as YAML")
    parser.add_argument("--whole", action="store_true", help="keep float32 weights, to see what int8 costs")
    args = parser.parse_args()
    export(args.weights, args.out, args.name, args.decoding, whole=args.whole)


if __name__ == "__main__":
    main()
