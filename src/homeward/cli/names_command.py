"""Who of a case may bear a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from homeward.case import Case
from homeward.cli.output import columns, json_bytes, say, writable, write_files
from homeward.names import Candidate, Listed, NameForm, match
from homeward.record.url import is_record_url

__all__ = ["names"]

STANDARD_OUTPUT = Path("-")


def names(where: str, asked: Sequence[str], account: str, most: int, json_file: Path | None) -> None:
    """The persons of the case or record who may be meant, the best first, with the reasons."""
    writable(json_file)
    query = [NameForm("other", text) for text in asked]
    found = _in_record(where, query, account, most) if is_record_url(where) else _in_case(where, query, most)
    if json_file is not None:
        write_files({json_file: json_bytes({"candidates": [_json(c) for c in found]})})
    if json_file == STANDARD_OUTPUT:
        return
    if not found:
        say("nobody of that name, or of one like it")
        return
    rows = [(f"{c.score:.0f}", c.id, c.found.text, ", ".join(dict.fromkeys(r.code for r in c.reasons))) for c in found]
    say(columns([("Score", "Id", "Name", "Because"), *rows]))
    say("the score orders the candidates and is no probability")


def _json(candidate: Candidate) -> dict[str, object]:
    reasons = [{"code": r.code, "parameters": list(r.parameters)} for r in candidate.reasons]
    return {"id": candidate.id, "score": candidate.score, "name": candidate.found.text, "reasons": reasons}


def _in_record(url: str, query: Sequence[NameForm], account: str, most: int) -> Sequence[Candidate]:
    from homeward.cli.record_commands import acting
    from homeward.record import open_record
    from homeward.record.roster import find_name

    record = open_record(url)
    actor = acting(record, account)
    with record.view() as view:
        return find_name(view, actor, query, most=most)


def _in_case(where: str, query: Sequence[NameForm], most: int) -> Sequence[Candidate]:
    from homeward.formats import read_case

    return match(query, list(_listed(read_case(where))), most=most)


def _listed(case: Case) -> Iterator[Listed]:
    for person in case.listed:
        if person.name:
            yield Listed(person.id, (NameForm("other", person.name),), person.born)
    for family in case.families:
        for id, record in family.records.items():
            if record.name:
                yield Listed(family.full_id(id), (NameForm("other", record.name),), record.born)
