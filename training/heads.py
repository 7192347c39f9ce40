"""The model in PyTorch: MiniLM with surface, role and guideline embeddings, tag heads and link heads.

`dragoman.model.links` has the link heads' arithmetic in NumPy; `training.export` holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from dragoman.model.labels import GUIDELINES, layout
from dragoman.model.links import EDGES, PLACES
from dragoman.model.tokens import SURFACES

STATES, LAYERS, ATTENTION_HEADS, LINK = 384, 6, 12, 128


class Dropout(nn.Module):
    """Dropout that draws eight decisions from each random number: on a CPU a quarter of the time of PyTorch's own."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.least = round(share * 256)

    def forward(self, x: Tensor) -> Tensor:
        if not (self.training and self.least):
            return x
        drawn = torch.empty((x.numel() + 7) // 8, dtype=torch.int64, device=x.device).random_(-(2**63), None)
        kept = drawn.view(torch.uint8)[: x.numel()].view(x.shape) >= self.least
        return x * (kept.to(x.dtype) * (256 / (256 - self.least)))


class Layer(nn.Module):
    """One BERT layer: self-attention and a feed-forward net, each with its residual and norm."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(STATES, STATES) for _ in range(4))
        self.norm = nn.LayerNorm(STATES, eps=1e-12)
        self.up, self.down = nn.Linear(STATES, 4 * STATES), nn.Linear(4 * STATES, STATES)
        self.norm_down = nn.LayerNorm(STATES, eps=1e-12)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, width, _ = x.shape
        q, k, v = (
            part(x).view(rows, width, ATTENTION_HEADS, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        with torch.autocast(x.device.type, enabled=False):
            # Written out: on a CPU PyTorch's own attention takes twice as long in bfloat16, forward and backward.
            weights = ((q * (STATES // ATTENTION_HEADS) ** -0.5) @ k.transpose(2, 3) + mask.to(q.dtype)).softmax(-1)
            seen = weights @ v
        seen = self.output(seen.transpose(1, 2).reshape(rows, width, STATES))
        x = self.norm(x + self.dropout(seen))
        lifted = self.dropout(self.down(functional.gelu(self.up(x))))
        result: Tensor = self.norm_down(x + lifted)
        return result


class Encoder(nn.Module):
    """(rows, pieces) -> states (rows, pieces, 384) and the logits of all tag heads (rows, pieces, tags)."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(30522, STATES)
        self.positions = nn.Embedding(512, STATES)
        self.surfaces = nn.Embedding(SURFACES, STATES)
        self.roles = nn.Embedding(3, STATES)
        self.guidelines = nn.Embedding(len(GUIDELINES), STATES)
        self.norm = nn.LayerNorm(STATES, eps=1e-12)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.tags = nn.Linear(STATES, sum(map(len, layout().tags.values())))
        for added in (self.surfaces, self.roles, self.guidelines):
            nn.init.normal_(added.weight, std=0.01)

    def forward(self, pieces: Tensor, surfaces: Tensor, roles: Tensor, guideline: Tensor) -> tuple[Tensor, Tensor]:
        place = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.pieces(pieces) + self.positions(place) + self.surfaces(surfaces) + self.roles(roles)
        x = self.dropout(self.norm(x + self.guidelines(guideline)[:, None]))
        mask = torch.where(pieces[:, None, None, :] > 0, 0.0, -1e4)
        for layer in self.layers:
            x = layer(x, mask)
        return x, self.tags(x)

    def load_minilm(self, path: Path) -> None:
        """Takes MiniLM's weights; its constant token-type embedding goes into the positions."""
        from safetensors.torch import load_file

        weights = load_file(path)
        own = {
            "pieces.weight": weights["embeddings.word_embeddings.weight"],
            "positions.weight": weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0],
        }
        names = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "output": "attention.output.dense",
            "norm": "attention.output.LayerNorm",
            "up": "intermediate.dense",
            "down": "output.dense",
            "norm_down": "output.LayerNorm",
        }
        for kind in ("weight", "bias"):
            own[f"norm.{kind}"] = weights[f"embeddings.LayerNorm.{kind}"]
            for number in range(LAYERS):
                for ours, theirs in names.items():
                    own[f"layers.{number}.{ours}.{kind}"] = weights[f"encoder.layer.{number}.{theirs}.{kind}"]
        self.load_state_dict(own, strict=False)


class Roles(nn.Module):
    """Trains `links.RoleScorer`."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.anchor, self.word = nn.Linear(STATES, LINK), nn.Linear(STATES, LINK)
        self.pair = nn.Parameter(torch.randn(labels, LINK + 1, LINK + 1) * 0.02)
        self.near = nn.Parameter(torch.zeros(PLACES, labels))

    def forward(self, anchors: Tensor, states: Tensor, rows: Tensor, places: Tensor) -> Tensor:
        """anchors (n, 384), states (rows, words, 384), rows (n,), places (n, words) -> (n, words, labels)."""
        a = _with_one(functional.relu(self.anchor(anchors)))
        w = _with_one(functional.relu(self.word(states)))[rows]
        wanted = torch.einsum("nd,lde->nle", a, self.pair)
        return torch.bmm(w, wanted.transpose(1, 2)) + self.near[places]


class Chain(nn.Module):
    """Trains `links.ChainScorer`."""

    def __init__(self) -> None:
        super().__init__()
        self.mention = nn.Linear(2 * STATES, LINK)
        self.pair = nn.Parameter(torch.randn(LINK + 1, LINK + 1) * 0.02)
        self.near = nn.Parameter(torch.zeros(len(EDGES) + 1))

    def forward(self, ends: Tensor, buckets: Tensor) -> Tensor:
        """ends (mentions, 768), buckets (mentions, mentions) -> (mentions, mentions)."""
        m = _with_one(functional.relu(self.mention(ends)))
        return m @ self.pair @ m.T + self.near[buckets]


def _with_one(vectors: Tensor) -> Tensor:
    return torch.cat([vectors, vectors.new_ones(*vectors.shape[:-1], 1)], dim=-1)


@dataclass
class Gold:
    """What a batch of windows is marked with; labels are -100 where nothing is said.

    tags: head -> (rows, words). anchors: head -> (row, first word, last word) of each anchor, (n, 3).
    links, places: head -> (n, words). mentions: (n, 4): row, first word, last word, chain. relation: (rows, types)
    of the codes that may hold, all False where none is asked.
    """

    tags: dict[str, Tensor]
    anchors: dict[str, Tensor]
    links: dict[str, Tensor]
    places: dict[str, Tensor]
    mentions: Tensor
    relation: Tensor


class Model(nn.Module):
    """Encoder and heads, with the loss of each task."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(dropout)
        self.links = nn.ModuleDict({head: Roles(len(labels)) for head, labels in layout().links.items()})
        self.chain = Chain()

    def forward(self, inputs: dict[str, Tensor], gold: Gold) -> dict[str, Tensor]:
        """The loss of each task that the batch teaches."""
        states, tags = self.encoder(*(inputs[name] for name in ("pieces", "surfaces", "roles", "guideline")))
        first = inputs["first"]
        at = first.clamp(min=0)[..., None]
        states = torch.gather(states.float(), 1, at.expand(-1, -1, STATES))
        tags = torch.gather(tags.float(), 1, at.expand(-1, -1, tags.shape[-1]))
        losses = {}
        for head, labels in gold.tags.items():
            loss = _tag_loss if layout().tags[head][0] == "O" else _code_loss
            losses[head] = loss(tags[..., layout().columns(head)], labels)
        for head, anchors in gold.anchors.items():
            if len(anchors):
                losses[head] = self._role_loss(head, states, anchors, gold.places[head], gold.links[head])
        if len(gold.mentions) > 1:
            losses["chain"] = self._chain_loss(states, gold.mentions)
        asked = gold.relation.any(1)
        if asked.any():
            losses["relation"] = _relation_loss(tags[asked], first[asked] >= 0, gold.relation[asked])
        return losses

    def roles(self, head: str) -> Roles:
        """The scorer of a link head."""
        found = self.links[head]
        assert isinstance(found, Roles)
        return found

    def _role_loss(self, head: str, states: Tensor, anchors: Tensor, places: Tensor, labels: Tensor) -> Tensor:
        row, begin, end = anchors.unbind(1)
        total = functional.pad(states.cumsum(1), (0, 0, 1, 0))
        means = (total[row, end] - total[row, begin]) / (end - begin)[:, None]
        return _tag_loss(self.roles(head)(means, states, row, places), labels)

    def _chain_loss(self, states: Tensor, mentions: Tensor) -> Tensor:
        row, begin, end, chain = mentions.unbind(1)
        ends = torch.cat([states[row, begin], states[row, end - 1]], dim=1)
        order = torch.arange(len(mentions))
        buckets = torch.bucketize(order[:, None] - order, torch.from_numpy(EDGES), right=True)
        scores = self.chain(ends, buckets.to(states.device))
        earlier = (order[:, None] > order).to(states.device) & (row[:, None] == row)
        scores = scores.masked_fill(~earlier, -1e4)
        scores = torch.cat([scores, scores.new_zeros(len(scores), 1)], dim=1)
        right = earlier & (chain[:, None] == chain)
        right = torch.cat([right, ~right.any(1, keepdim=True)], dim=1)
        return (scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)).mean()


def _tag_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy summed over words, divided by the words that are marked with something (label above 0).

    Nearly all words are marked with nothing: dividing by all of them would let the heads fall asleep.
    """
    known = labels >= 0
    if not known.any():
        return logits.sum() * 0
    total = functional.cross_entropy(logits[known], labels[known], reduction="sum")
    return total / (labels > 0).sum().clamp(min=8)


def _code_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy over the words that carry a code."""
    return functional.cross_entropy(logits.flatten(0, 1), labels.flatten()) if (labels >= 0).any() else logits.sum() * 0


def _relation_loss(tags: Tensor, words: Tensor, allowed: Tensor) -> Tensor:
    focus = tags[..., layout().columns("focus")].squeeze(-1).masked_fill(~words, -1e4).softmax(1)
    types = (focus[..., None] * tags[..., layout().columns("type")]).sum(1)
    return (types.logsumexp(1) - types.masked_fill(~allowed, -1e4).logsumexp(1)).mean()


def count(model: nn.Module) -> int:
    """How many parameters a model has."""
    return int(np.sum([p.numel() for p in model.parameters()]))
