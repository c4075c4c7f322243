"""Nothing but the agreed fields leaves: every byte of every letter of a round has a line here that allows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from exchange_sides import DAY, Pair

from homeward.exchange.agreement import Agreement
from homeward.exchange.ending import conclude, delete_theirs
from homeward.exchange.side import open_side
from homeward.formats import read_case

OPAQUE = r"[bcdfghjklmnpqrstvwxz]{16}"
HASH = r"[0-9a-f]{64}"
NUMBER = r"[0-9]{1,4}"
PROOF = {"proof/salt": HASH, "proof/place": NUMBER, "proof/path/*": HASH}
CALLS = {"entry/calls/*/marker": "MARKER", "entry/calls/*/alleles/*": "ALLELE", "entry/calls/*/replicate": NUMBER}
REMAINS = {
    **PROOF,
    **CALLS,
    "entry/id": OPAQUE,
    "entry/sex": "male|female|unknown",
    "entry/element": "",
    "entry/side": "",
    "entry/body": f"|{OPAQUE}",
    "entry/apart/*": OPAQUE,
    "entry/dropout": "null",
}
FAMILY = {
    **PROOF,
    "entry/id": OPAQUE,
    "entry/missing/*": OPAQUE,
    "entry/members/*/id": OPAQUE,
    "entry/members/*/father": f"null|{OPAQUE}",
    "entry/members/*/mother": f"null|{OPAQUE}",
    "entry/members/*/sex": "male|female|unknown",
    "entry/members/*/twin": "null",
    "entry/members/*/founder_inbreeding": "0",
    "entry/members/*/founder_inbreeding_x": "0",
    "entry/members/*/population": "",
}
REFERENCE = {
    **PROOF,
    **CALLS,
    "entry/id": OPAQUE,
    "entry/family": OPAQUE,
    "entry/person": OPAQUE,
    "entry/dropout": "null",
}
HIT = {"remains": OPAQUE, "family": OPAQUE, "missing": OPAQUE, "log10_lr": "null"}
HEADER = {
    "format": "homeward-letter 1",
    "agreement": HASH,
    "sender": "remains|families",
    "number": NUMBER,
    "previous": HASH,
    "heard": NUMBER,
    "heard_hash": HASH,
    "log": HASH,
    "log_length": NUMBER,
    "sent": DAY,
    "kind": "[a-z]+",
    "payload": HASH,
}


def under(place: str, lines: dict[str, str]) -> dict[str, str]:
    return {f"{place}/{key}": allowed for key, allowed in lines.items()}


ALLOWED = {
    "request": under("remains/*", REMAINS),
    "answer": {
        "request": HASH,
        "sealed": HASH,
        "compared_remains": NUMBER,
        "compared_families": NUMBER,
        **under("hits/*", HIT),
    },
    "confirmation": {"answer": HASH, **under("hits/*", HIT), **under("remains/*", REMAINS)},
    "disclosure": {"confirmation": HASH, **under("families/*", FAMILY), **under("references/*", REFERENCE)},
    "conclusion": {
        "disclosure": HASH,
        "result": HASH,
        "program": r"homeward [0-9.a-z]+",
        **under("identified/*", {"remains": OPAQUE, "family": OPAQUE, "missing": OPAQUE}),
    },
    "receipt": {"deleted/*": HASH, "day": DAY},
}


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a letter with its place; empty lists have none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{place}/{key}" if place else key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{place}/*")
    else:
        yield place, value if isinstance(value, str) else json.dumps(value)


def keys(value: Any, place: str = "") -> Iterator[str]:
    """Every key, also of what is empty."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{place}/{key}" if place else key
            yield here
            yield from keys(inner, here)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, f"{place}/*")


@pytest.fixture(scope="module")
def whole(disclosed: Pair, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A round with everything that can be sent in it."""
    pair = disclosed.copied(tmp_path_factory.mktemp("whole") / "pair")
    for step in (lambda side: conclude(side, DAY, ["first", "second"]), lambda side: delete_theirs(side, DAY)):
        for folder in (pair.jp, pair.kr):
            with open_side(folder) as side:
                step(side)
            pair.carry(folder)
    return pair


def sent(pair: Pair) -> dict[str, bytes]:
    """Every letter that left: what the envelopes hold, as each sender keeps it."""
    with open_side(pair.jp) as side:
        mine = {k.file: side.store.read(k.file) for k in side.state.letters if k.sent}
    with open_side(pair.kr) as side:
        return mine | {k.file: side.store.read(k.file) for k in side.state.letters if k.sent}


def test_every_byte_is_allowed(whole: Pair) -> None:
    with open_side(whole.jp) as side:
        agreement: Agreement = side.agreement
    alleles = {a for known in agreement.panel.alleles.values() for a in known} | {"?"}
    kinds = set()
    for data in sent(whole).values():
        letter = json.loads(data)
        kind = letter["header"]["kind"]
        kinds.add(kind)
        lines = {**under("header", HEADER), **under("payload", ALLOWED[kind]), "signature": "[0-9a-f]{128}"}
        for place, value in leaves(letter):
            allowed = lines[place]
            if allowed == "MARKER":
                assert value in agreement.panel.alleles
            elif allowed == "ALLELE":
                assert value in alleles
            else:
                assert re.fullmatch(allowed, value), (kind, place)
        known = {line[:i] for line in lines for i in (*(m.start() for m in re.finditer("/", line)), len(line))}
        empty = {"entry/mt", "entry/doubts", "entry/apart", "identified", "deleted", "hits", "families", "references"}
        for key in keys(letter):
            assert key in known or any(key.endswith(e) for e in empty), (kind, key)
    assert kinds == set(ALLOWED)


def test_no_name_and_no_id_of_either_side_is_in_anything_that_left(whole: Pair) -> None:
    words: set[str] = set()
    for name in ("remains-case", "families-case"):
        case = read_case(whole.root / name)
        words |= {r.id for r in case.remains} | {r.element for r in case.remains} | {r.place for r in case.remains}
        words |= {f.id for f in case.families} | {p for f in case.families for p in f.pedigree.ids}
        words |= {r.name for f in case.families for r in f.records.values()} | {p.name for p in case.listed}
        words |= {str(r.born) for f in case.families for r in f.records.values()}
        words |= {s.id for s in case.samples} | {p.id for p in case.listed}
    words = {w for w in words if w}
    assert len(words) > 20
    for file, data in sent(whole).items():
        text = data.decode()
        told = {w for w in words if re.search(rf"(?<![0-9A-Za-z.-]){re.escape(w)}(?![0-9A-Za-z.-])", text)}
        assert not told, file


def test_the_families_side_sends_no_typing_before_a_person_confirmed(answered: Pair) -> None:
    data = sent(answered)["letters/families-0001.json"]
    with open_side(answered.kr) as side:
        markers = side.agreement.panel.alleles
    assert not any(marker.encode() in data for marker in markers)
    assert len(data) < 2000


def test_what_travels_is_sealed(whole: Pair) -> None:
    """An envelope begins as age's do, and nothing of the letter can be read in it."""
    for folder in (whole.jp, whole.kr):
        for envelope in (folder / "outbox").iterdir():
            data = envelope.read_bytes()
            assert data.startswith(b"age-encryption.org/v1\n")
            assert b"homeward" not in data and b"calls" not in data
            assert re.fullmatch(r"[0-9a-f]{8}-(remains|families)-[0-9]{4}-[a-z]+\.age", envelope.name)
