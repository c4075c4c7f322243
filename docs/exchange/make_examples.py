"""Writes docs/exchange/valid and invalid anew: `python docs/exchange/make_examples.py`.

Keys, salts, ids and seals are random, so that every run gives other bytes; the keys are published and protect nothing.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from homeward.exchange.agreement import Role
from homeward.exchange.ending import conclude, delete_theirs
from homeward.exchange.entries import Call
from homeward.exchange.envelope import Header, letter_bytes, write_letter
from homeward.exchange.families_side import answer, disclose
from homeward.exchange.form import read_form, written
from homeward.exchange.inputs import Source, commit_inputs
from homeward.exchange.keys import Keys, read_keys
from homeward.exchange.laboratories import advance, begin, open_differing
from homeward.exchange.proposal import propose, read_terms
from homeward.exchange.remains_side import confirm, request
from homeward.exchange.sealing import seal
from homeward.exchange.side import Side, new_side, open_side
from homeward.exchange.signing import Signed, sign
from homeward.formats import read_case

HERE = Path(__file__).parent
DAY = "2026-06-01"
LOCI = {"D3S1358": "15", "vWA": "16", "D16S539": "11", "D2S1338": "19", "D8S1179": "13", "FGA": "22"}
TERMS = """title = "Example files of the exchange; nobody in them is real"
basis = "None: these are examples"
countries = ["JP", "KR"]
since = "2026-01-01"
until = "2126-12-31"
retention_days = 30
[plain]
posterior = 0.5
min_typed_loci = 3
reveals = ["sex", "grouping"]
hit_log10_lr = true
[quotas]
remains = 3
families = 3
exchanges = 1
[missed]
kinds = []
pairs = 1
seed = 1
"""
TOML = """format = "homeward-case 1"
name = "Example"
[incident]
size = 20
strangers = 0.1
samples_are = "bodies"
[model]
population = "example"
mutation = "none"
[thresholds]
posterior = 0.9
"""
PEDIGREES = "family,person,father,mother,sex,missing\n" + "".join(
    f"{f},man-of-{f},,,male,yes\n{f},wife-of-{f},,,female,\n{f},child-of-{f},man-of-{f},wife-of-{f},female,\n"
    for f in ("house-1", "house-2")
)
CONSENTS = "subject,purposes,countries,since\n" + "".join(
    f"person:{f}/child-of-{f},identification;exchange,JP;KR,2026-01-01\n" for f in ("house-1", "house-2")
)


def frequencies() -> str:
    """Six loci; the allele that the first family has is rare."""
    rows = ["population,marker,allele,frequency"]
    for marker, middle in LOCI.items():
        near = [str(int(middle) + step) for step in (-2, -1, 0, 1)]
        rows += [f"example,{marker},{a},{p}" for a, p in zip(near, ("0.4", "0.35", "0.05", "0.2"), strict=True)]
    return "\n".join(rows) + "\n"


def profile(sample: str, first: int, second: int, loci: int = 6) -> list[str]:
    """Alleles so many repeats from the rare one."""
    return [f"{sample},{m},{int(a) + first},{int(a) + second}" for m, a in list(LOCI.items())[:loci]]


def cases(root: Path) -> dict[Role, Source]:
    """The bone of one side is the father's of the other's first child."""
    head = "sample,marker,allele1,allele2"
    contents = {
        "remains": {
            "pedigrees.csv": PEDIGREES.partition("\n")[0] + "\n",
            "remains.csv": "remains,sex,element,side\nB-1,male,femur,left\nB-2,male,skull,\n",
            "profiles.csv": "\n".join([head, *profile("B-1", 0, 0), *profile("B-2", -2, -1, 5)]) + "\n",
        },
        "families": {
            "pedigrees.csv": PEDIGREES,
            "profiles.csv": "\n".join(
                [head, *profile("house-1/child-of-house-1", 0, -2), *profile("house-2/child-of-house-2", -1, 1)]
            )
            + "\n",
        },
    }
    for role, files in contents.items():
        folder = root / f"{role}-case"
        folder.mkdir(parents=True)
        for name, text in (files | {"case.toml": TOML, "frequencies.csv": frequencies()}).items():
            (folder / name).write_text(text, encoding="utf-8")
    (root / "consents.csv").write_text(CONSENTS, encoding="utf-8")
    return {
        "remains": Source(str(root / "remains-case"), DAY),
        "families": Source(str(root / "families-case"), DAY, root / "consents.csv"),
    }


ROLES: tuple[tuple[Role, str], ...] = (("remains", "JP"), ("families", "KR"))


def agreed(root: Path, sources: dict[Role, Source]) -> Signed:
    """Keys, agreement, inputs, signatures."""
    mine, theirs = (new_side(root / role, f"{role}-office", country) for role, country in ROLES)
    auditor = new_side(root / "auditor", "auditor", "CH")
    case = read_case(sources["remains"].case)
    signed = propose(case, read_terms(TERMS.encode()), "remains", mine, theirs, auditor)
    for role, _ in ROLES:
        bound, _left = commit_inputs(signed.agreement, role, sources[role])
        with open_side(root / role) as side:
            side.put_inputs(bound)
        party = replace(signed.agreement.party(role), inputs=bound.inputs)
        now = signed.agreement
        now = replace(now, remains=party) if role == "remains" else replace(now, families=party)
        signed = replace(signed, agreement=now)
    for role, _ in ROLES:
        with open_side(root / role) as side:
            signed = sign(signed, role, side.keys)
    for role, _ in ROLES:
        with open_side(root / role) as side:
            side.agree(written(signed), DAY)
    return signed


def steps(sources: dict[Role, Source]) -> list[tuple[Role, Callable[[Side], object]]]:
    """Every kind of letter, in an order in which they can be written."""
    case = read_case(sources["remains"].case)
    bone = replace(case, typings=tuple(t for t in case.typings if t.marker != "vWA"))
    return [
        ("remains", lambda s: request(s, sources["remains"])),
        ("families", lambda s: answer(s, sources["families"])),
        ("remains", lambda s: confirm(s, DAY, ["reviewer-1"])),
        ("families", lambda s: disclose(s, sources["families"], ["reviewer-2"])),
        ("remains", lambda s: conclude(s, DAY, ["reviewer-1", "reviewer-3"])),
        ("families", lambda s: conclude(s, DAY, ["reviewer-2", "reviewer-4"])),
        ("remains", lambda s: begin(s, case, "B-1", "bone-1", DAY)),
        ("families", lambda s: begin(s, bone, "B-1", "bone-1", DAY)),
        ("remains", lambda s: advance(s, DAY)),
        ("families", lambda s: advance(s, DAY)),
        ("remains", lambda s: advance(s, DAY)),
        ("families", lambda s: advance(s, DAY)),
        ("remains", lambda s: open_differing(s, DAY)),
        ("families", lambda s: delete_theirs(s, DAY)),
    ]


def other(role: Role) -> Role:
    return "families" if role == "remains" else "remains"


def write_valid(root: Path, valid: Path, sources: dict[Role, Source], signed: Signed) -> None:
    """Keys, agreement, letters as they travel and as what is sealed, and the result that both sides computed."""
    (valid / "agreement.json").write_bytes(written(signed))
    for name in ("remains", "families", "auditor"):
        shutil.copyfile(root / name / "keys.json", valid / f"keys-{name}.json")
    for number, (role, step) in enumerate(steps(sources), 1):
        with open_side(root / role) as side:
            step(side)
            kept = side.state.letters[-1]
            letter, envelope = side.store.read(kept.file), side.store.read(kept.outbox)
            for name in side.state.results:
                if name.endswith("-shared.json"):
                    (valid / "result.json").write_bytes(side.store.read(name))
        with open_side(root / other(role)) as side:
            side.receive(envelope, DAY)
        file = f"{number:02}-{kept.header.kind}"
        (valid / f"{file}.age").write_bytes(envelope)
        (valid / f"{file}.json").write_bytes(letter)


class Invalid:
    """Files that one receiver refuses after so many valid letters, each with the codes of its refusal."""

    def __init__(self, folder: Path, valid: Path) -> None:
        self.folder, self.valid = folder, valid
        self.cases: list[dict[str, Any]] = []
        self.signed = read_form(Signed, (valid / "agreement.json").read_bytes())
        self.keys: dict[Role, Keys] = {role: read_keys((valid / f"keys-{role}.json").read_bytes()) for role, _ in ROLES}

    def add(self, name: str, data: bytes, after: int, receiver: Role, *codes: str, day: str = DAY) -> None:
        (self.folder / name).write_bytes(data)
        self.told(name, after, receiver, *codes, day=day)

    def told(self, name: str, after: int, receiver: Role, *codes: str, day: str = DAY) -> None:
        self.cases.append({"file": name, "receiver": receiver, "after": after, "day": day, "codes": sorted(codes)})

    def letter(self, file: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.valid / f"{file}.json").read_bytes())
        return found

    def changed(
        self,
        file: str,
        header: Callable[[Header], Header] = lambda h: h,
        payload: Callable[[Any], Any] = lambda p: p,
        keys: Keys | None = None,
    ) -> bytes:
        """A letter changed and signed again by its sender, in its envelope."""
        from homeward.exchange.messages import PAYLOADS

        told = self.letter(file)
        head = read_form(Header, written(told["header"]))
        said = payload(read_form(PAYLOADS[head.kind], written(told["payload"])))
        letter = write_letter(keys or self.keys[head.sender], header(head), said)
        return self.sealed(letter_bytes(letter), other(head.sender))

    def sealed(self, content: bytes, receiver: Role) -> bytes:
        return seal(content, [self.keys[receiver].card.sealing])


def write_invalid(made: Invalid) -> None:
    """One file for each way in which a file can be wrong."""
    good = (made.valid / "01-request.age").read_bytes()
    content = (made.valid / "01-request.json").read_bytes()
    flipped = bytearray(good)
    flipped[-40] ^= 1
    auditor = read_keys((made.valid / "keys-auditor.json").read_bytes())
    made.add("flipped-bit.age", bytes(flipped), 0, "families", "exchange-unreadable")
    made.add("truncated.age", good[:-1], 0, "families", "exchange-unreadable")
    made.add("for-somebody-else.age", seal(content, [auditor.card.sealing]), 0, "families", "exchange-unreadable")
    made.add("spaces.age", made.sealed(content.replace(b":", b": ", 1), "families"), 0, "families", "exchange-form")
    more = content.replace(b'"payload":{', b'"payload":{"place":"x",', 1)
    made.add("another-field.age", made.sealed(more, "families"), 0, "families", "exchange-form")
    headers: dict[str, tuple[str, Callable[[Header], Header]]] = {
        "other-agreement": ("exchange-agreement", lambda h: replace(h, agreement="1" * 64)),
        "after-the-end": ("exchange-expired", lambda h: replace(h, sent="2127-01-01")),
        "before-the-beginning": ("exchange-expired", lambda h: replace(h, sent="2025-12-31")),
        "number-skipped": ("exchange-order", lambda h: replace(h, number=2)),
        "other-previous": ("exchange-chain", lambda h: replace(h, previous="1" * 64)),
        "answers-nothing": ("exchange-chain", lambda h: replace(h, heard=1)),
    }
    for name, (code, change) in headers.items():
        made.add(f"{name}.age", made.changed("01-request", change), 0, "families", code)
    made.add("other-signer.age", made.changed("01-request", keys=auditor), 0, "families", "exchange-signature")
    made.told("../valid/01-request.age", 1, "families", "exchange-replay")
    made.told("../valid/05-conclusion.age", 1, "families", "exchange-order")
    made.told("../valid/01-request.age", 0, "families", "exchange-expired", day="2127-01-01")
    early = made.changed("02-answer", lambda h: replace(h, heard=0, heard_hash="0" * 64))
    made.add("not-due.age", early, 0, "remains", "exchange-turn")
    _payloads(made)
    _agreements(made)


def _payloads(made: Invalid) -> None:
    def entry(**changes: Any) -> Callable[[Any], Any]:
        def change(said: Any) -> Any:
            first = said.remains[0]
            return replace(said, remains=(replace(first, entry=replace(first.entry, **changes)), *said.remains[1:]))

        return change

    told = made.letter("01-request")["payload"]["remains"][0]["entry"]["calls"]
    calls = tuple(Call(c["marker"], tuple(c["alleles"]), c["replicate"]) for c in told)
    bound, outside = "exchange-commitment", "exchange-outside"
    for name, change, codes in (
        ("uncommitted-profile", entry(calls=calls[:-1]), (bound,)),
        ("unknown-marker", entry(calls=(*calls, Call("TH01", ("6", "7"), 1))), (bound, outside)),
        ("unknown-allele", entry(calls=(*calls[:-1], replace(calls[-1], alleles=("99",)))), (bound, outside)),
        ("element-told", entry(element="femur", side="left"), (bound, outside)),
        ("few-loci", entry(calls=calls[:2]), (bound, "exchange-few-loci")),
    ):
        made.add(f"{name}.age", made.changed("01-request", payload=change), 0, "families", *codes)

    def hits(said: Any, **changes: Any) -> Any:
        return replace(said, hits=(replace(said.hits[0], **changes), *said.hits[1:]))

    made.add(
        "exact-lr.age",
        made.changed("02-answer", payload=lambda a: hits(a, log10_lr=3.14159)),
        1,
        "remains",
        outside,
    )
    made.add(
        "too-many-families.age",
        made.changed("02-answer", payload=lambda a: replace(a, compared_families=4)),
        1,
        "remains",
        "exchange-quota",
    )
    made.add(
        "undisclosed-hit.age",
        made.changed("03-confirmation", payload=lambda c: hits(c, family="b" * 16)),
        2,
        "families",
        "exchange-turn",
    )
    made.add(
        "other-result.age",
        made.changed("05-conclusion", payload=lambda c: replace(c, result="1" * 64)),
        4,
        "families",
        "exchange-differs",
    )
    last = Header(**made.letter("01-request")["header"])
    previous = Header(**made.letter("05-conclusion")["header"])
    heard = Header(**made.letter("06-conclusion")["header"])
    again = replace(last, number=4, previous=previous.hash, heard=3, heard_hash=heard.hash, log="1" * 64, log_length=99)
    made.add("second-request.age", made.changed("01-request", lambda h: again), 6, "families", "exchange-quota")
    made.add(
        "key-not-known.age",
        made.changed("08-seals", payload=lambda s: replace(s, challenge="1")),
        7,
        "remains",
        outside,
    )
    made.add(
        "other-power.age",
        made.changed("11-returned", payload=lambda r: replace(r, loci=(other_power(r.loci[0]), *r.loci[1:]))),
        10,
        "families",
        outside,
    )
    made.add(
        "never-sent.age",
        made.changed("14-receipt", payload=lambda r: replace(r, deleted=("1" * 64,))),
        13,
        "remains",
        "exchange-turn",
    )


def other_power(point: Any) -> Any:
    return replace(point, challenge="1")


def _agreements(made: Invalid) -> None:
    """Agreements that no side takes; ``after`` is 0 and the receiver either."""
    signed = made.signed

    def again(**changes: Any) -> bytes:
        agreement = replace(signed.agreement, **changes)
        signatures = {role: keys.sign("homeward-agreement 1", written(agreement)) for role, keys in made.keys.items()}
        return written(Signed(signed.format, agreement, **signatures))

    panel, later = signed.agreement.panel, replace(signed.agreement, until="2130-01-01")
    for name, data, code in (
        ("agreement-one-signature.json", written(replace(signed, families=None)), "exchange-signature"),
        ("agreement-changed.json", written(replace(signed, agreement=later)), "exchange-signature"),
        ("agreement-another-field.json", written(signed).replace(b'"basis"', b'"a":1,"basis"'), "exchange-form"),
        ("agreement-other-digest.json", again(panel=replace(panel, digests=("1" * 64,))), "exchange-terms"),
        ("agreement-no-route.json", again(plain=None, private=None), "exchange-terms"),
        ("agreement-backwards.json", again(since="2127-01-01"), "exchange-terms"),
    ):
        made.add(name, data, 0, "families", code)


def main() -> None:
    """Both folders, whole."""
    for name in ("valid", "invalid"):
        shutil.rmtree(HERE / name, ignore_errors=True)
        (HERE / name).mkdir()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        sources = cases(root)
        write_valid(root, HERE / "valid", sources, agreed(root, sources))
    made = Invalid(HERE / "invalid", HERE / "valid")
    write_invalid(made)
    (HERE / "invalid" / "cases.json").write_text(json.dumps(made.cases, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
