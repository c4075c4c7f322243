"""What a side sees of its exchange: where it stands, and what would leave with the next letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from homeward.case import Case, plain
from homeward.cli.exchange_commands import say_left_out, today
from homeward.cli.output import columns, counted, json_bytes, say, writable, write_files
from homeward.exchange.allowed import allowed_case
from homeward.exchange.committed import Committed
from homeward.exchange.ending import agreed_by_both, delete_by
from homeward.exchange.envelope import letter_bytes
from homeward.exchange.families_side import compute, disclosure_of
from homeward.exchange.inputs import Source
from homeward.exchange.messages import Answer, Disclosure, Kind, Request
from homeward.exchange.remains_side import request_of
from homeward.exchange.side import Side, open_side
from homeward.exchange.state import due
from homeward.faults import Fault, Refusal

__all__ = ["preview", "status"]

STANDARD_OUTPUT = Path("-")


def status(folder: Path, json_file: Path | None) -> None:
    """Of a side without an agreement, only its card; else letters, hits, quotas and log."""
    writable(json_file)
    with open_side(folder) as side:
        told = _status(side)
    if json_file is not None:
        write_files({json_file: json_bytes(told)})
    if json_file != STANDARD_OUTPUT:
        for line in _lines(told):
            say(line)


def _status(side: Side) -> dict[str, Any]:
    told: dict[str, Any] = {"party": side.keys.card.name, "agreement": side.state.agreement}
    if not side.state.agreement:
        return told
    agreement, state, quotas = side.agreement, side.state, side.agreement.quotas
    asked = sum(k.header.kind in ("request", "query") for k in state.letters)
    names = side.committed.home("sample") | side.committed.home("person")
    kept = state.last("answer")
    hits = [] if kept is None or kept.deleted else side.read(kept).payload.hits
    named = [] if any(k.deleted for k in state.letters) else agreed_by_both(side)
    return told | {
        "role": side.role,
        "other": agreement.other(side.role).name,
        "until": agreement.until,
        "delete_by": delete_by(agreement),
        "due": [{"sender": sender, "kind": kind} for sender, kind in _due(side)],
        "letters": [
            {"sender": k.header.sender, "number": k.header.number, "kind": k.header.kind} for k in state.letters
        ],
        "hits": [plain(h) | {"at_home": names.get(h.remains) or names.get(h.missing, "")} for h in hits],
        "identified": [plain(n) for n in named],
        "left": {
            "remains": quotas.remains - len(state.remains),
            "exchanges": quotas.exchanges - asked,
        },
        "log": {"head": state.head[0], "entries": state.head[1]},
    }


def _due(side: Side) -> list[tuple[str, Kind]]:
    """What is due in the ways to compare that are agreed on."""
    ways = {"request": side.agreement.plain, "query": side.agreement.private}
    return [(sender, kind) for sender, kind in due(side.state) if ways.get(kind, True) is not None]


def _lines(told: dict[str, Any]) -> Iterator[str]:
    if not told["agreement"]:
        yield f"{told['party']}: nothing is agreed yet"
        return
    yield f"{told['party']} ({told['role']}) with {told['other']}, until {told['until']}"
    turns = " or ".join(f"{d['kind']} of the {d['sender']} side" for d in told["due"])
    yield f"due: {turns}"
    yield f"letters: {', '.join(f'''{k['sender']} {k['number']} {k['kind']}''' for k in told['letters']) or 'none'}"
    left = told["left"]
    yield f"left: {left['exchanges']} requests, {left['remains']} more remains"
    if told["hits"]:
        rows = [(h["remains"], h["family"], h["missing"], h["at_home"]) for h in told["hits"]]
        yield columns([("Remains", "Family", "Missing", "At home"), *rows])
    yield f"identified by both sides: {len(told['identified'])}"
    yield f"log: {told['log']['entries']} entries, head {told['log']['head']}"
    yield f"what came from the other side is deleted by {told['delete_by']}"


def preview(
    folder: Path,
    case: str,
    samples: Sequence[str],
    consents: Path | None,
    leave_out: bool,
    json_file: Path | None,
    decline: Sequence[str] = (),
) -> None:
    """The next letter of this side as it would be sent; with a file, every byte of it that would be sealed."""
    writable(json_file)
    source = Source(case, today(), consents, leave_out)
    with open_side(folder) as side:
        kinds = [kind for sender, kind in _due(side) if sender == side.role]
        kind, payload, left = _next(side, kinds, source, samples, decline)
        content = letter_bytes(side.preview(kind, payload, source.day))
        committed, agreement = side.committed, side.agreement
    held, _ = allowed_case(case, agreement.remains.country, source.day, consents)
    say_left_out(left)
    if json_file is not None:
        write_files({json_file: content + b"\n"})
    if json_file != STANDARD_OUTPUT:
        for line in (*_leaving(payload, committed), *_staying(payload, committed, held)):
            say(line)
        say(f"{kind}: {len(content)} bytes would be sealed; nothing was sent")


def _next(
    side: Side, kinds: Sequence[Kind], source: Source, samples: Sequence[str], decline: Sequence[str]
) -> tuple[Kind, Any, Sequence[Fault]]:
    """What this side would send next of its case."""
    if "request" in kinds:
        return "request", *request_of(side, source, samples)
    if "answer" in kinds:
        done = compute(side, source)
        return "answer", done.answer, done.left_out
    if "disclosure" in kinds:
        return "disclosure", *disclosure_of(side, source, decline)
    message = "no letter is due here that tells anything of a case"
    raise Refusal([Fault("exchange-turn", message, "homeward exchange status says what is due")], rule=True)


def _leaving(payload: Any, committed: Committed) -> Iterator[str]:
    """A table of everything that would be told, under the names at home and those that leave."""
    home = committed.home("sample") | committed.home("family") | committed.home("person")
    rows: list[tuple[str, ...]]
    if isinstance(payload, Answer):
        rows = [("At home", "Leaves as", "Hit of", "log₁₀ LR")]
        rows += [(home[h.missing], h.missing, h.remains, f"{h.log10_lr or ''}") for h in payload.hits]
        yield columns(rows)
        yield f"and the numbers compared: {payload.compared_remains} remains, {payload.compared_families} families"
    elif isinstance(payload, Request):
        rows = [("At home", "Leaves as", "Sex", "Element", "Body", "Apart", "Markers")]
        for e in (o.entry for o in payload.remains):
            element = " ".join((e.element, e.side)).strip()
            rows.append((home[e.id], e.id, e.sex, element, e.body, str(len(e.apart)), _markers(e)))
        yield columns(rows)
    else:
        assert isinstance(payload, Disclosure)
        rows = [("At home", "Leaves as", "What", "Markers")]
        rows += [(home[o.entry.id], o.entry.id, counted(o.entry.members, "member"), "") for o in payload.families]
        rows += [(home[o.entry.id], o.entry.id, "typings", _markers(o.entry)) for o in payload.references]
        yield columns(rows)


def _staying(payload: Any, committed: Committed, case: Case) -> Iterator[str]:
    """What the case holds of the same things and the letter does not tell."""
    if isinstance(payload, Answer):
        yield "stays here: every typing, every LR, every pair that is no hit"
        return
    home = committed.home("sample")
    entries = [o.entry for o in (payload.remains if isinstance(payload, Request) else payload.references)]
    sent = {home[e.id] for e in entries}
    told = {c.marker for e in entries for c in e.calls}
    markers = sorted({t.marker for t in case.typings if t.sample in sent} - told)
    if isinstance(payload, Request):
        things = [r for r in case.remains if r.id in {s.source for s in case.samples if s.id in sent}]
        words = {"sex": "sex", "element": "element", "side": "element", "age": "", "stature_cm": "", "place": ""}
        spoken = {name for e in entries for name in ("sex", "element") if getattr(e, name) not in ("", "unknown")}
        fields = [f for f, by in words.items() if by not in spoken and any(_stated(r, f) for r in things)]
        others = [s.id for s in case.samples if s.of == "remains" and s.id not in sent]
    else:
        records = [r for f in case.families for r in f.records.values()]
        fields = [f for f in ("name", "born", "died", "clan") if any(_stated(r, f) for r in records)]
        others = [s.id for s in case.samples if s.of == "person" and s.id not in sent]
    for what, names in (("fields", fields), ("markers", markers), ("samples", others)):
        if names:
            yield f"{what} that stay here: {', '.join(names)}"


def _stated(thing: Any, field: str) -> bool:
    return getattr(thing, field) not in ("", None, "unknown")


def _markers(entry: Any) -> str:
    return " ".join([*dict.fromkeys(c.marker for c in entry.calls), *(["mtDNA"] if entry.mt else [])])
