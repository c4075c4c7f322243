"""The commitment is the tree of RFC 6962, and opens for what is in it and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from homeward.exchange.merkle import belongs, leaf_hash, proofs, root_of

CONTENTS = st.lists(st.binary(max_size=8), min_size=1, max_size=12)


def tree(contents: list[bytes]) -> tuple[str, list[bytes], list[str]]:
    salts = [sha256(bytes([i])).hexdigest() for i in range(len(contents))]
    leaves = [leaf_hash(salt, c) for salt, c in zip(salts, contents, strict=True)]
    return root_of(leaves), leaves, salts


def test_three_leaves_by_hand() -> None:
    _, (a, b, c), _ = tree([b"a", b"b", b"c"])
    node = lambda x, y: sha256(b"\1" + x + y).digest()  # noqa: E731
    assert root_of([a, b, c]) == node(node(a, b), c).hex()
    assert root_of([]) == sha256(b"").hexdigest()


@given(CONTENTS)
def test_every_leaf_opens(contents: list[bytes]) -> None:
    root, leaves, salts = tree(contents)
    for content, proof in zip(contents, proofs(leaves, salts), strict=True):
        assert belongs(root, len(contents), content, proof)


@given(CONTENTS, st.data())
def test_nothing_else_opens(contents: list[bytes], data: st.DataObject) -> None:
    root, leaves, salts = tree(contents)
    i = data.draw(st.integers(0, len(contents) - 1))
    proof, content = proofs(leaves, salts)[i], contents[i]
    other = data.draw(st.binary(max_size=8).filter(lambda c: c != content))
    assert not belongs(root, len(contents), other, proof)
    assert not belongs(root, len(contents), content, replace(proof, salt="00" * 32))
    assert not belongs(root, len(contents), content, replace(proof, place=len(contents)))
    assert not belongs(root, len(contents), content, replace(proof, path=(*proof.path, "00" * 32)))
    assert not belongs("11" * 32, len(contents), content, proof)
    if proof.path:
        assert not belongs(root, len(contents), content, replace(proof, path=proof.path[1:]))
