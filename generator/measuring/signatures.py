"""Signatures: digests of tensor names and shapes. Models with equal tensors have equal signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from generator.facts.shapes import Shape


def signature_of(tensors: Iterable[tuple[str, Shape]]) -> str:
    """Hash an ordered (name, shape) list with SHA-256, in hexadecimal digits: one line a tensor, ``name d0,d1,...``."""
    digest = hashlib.sha256()
    for name, shape in tensors:
        digest.update(f"{name} {','.join(map(str, shape))}\n".encode())
    return digest.hexdigest()
