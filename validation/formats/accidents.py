"""Damage of every kind to a file's bytes, and whether reading what is left ends as it must."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

from homeward.faults import Refusal
from homeward.formats import read_file

__all__ = ["damaged", "ends_well"]

_ODD = ("\0", '"', ",", "\r", "\n", ";", "\t", "/", "?", "e\u0301", "\ufeff", "\u2028", "９", "-1", "1e999", "nan",
        "OL", "<12", "<", ">", "&", "&x;", "]]>", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "9,3", "=1+1",
        "٣", "²")  # fmt: skip


def damaged(data: bytes, random_: random.Random) -> bytes:
    """The bytes after one to three accidents. Half of a workbook's accidents happen inside its archive."""
    for _ in range(random_.randrange(1, 4)):
        inside = data.startswith(b"PK") and random_.random() < 0.7
        data = _repacked(data, random_) if inside else _once(data, random_)
    return data


def _once(data: bytes, random_: random.Random) -> bytes:
    at = random_.randrange(len(data) + 1)
    end = min(len(data), at + random_.randrange(1, 40))
    delimiter = random_.choice((b",", b"\t", b";", b">", b"\n", b" "))
    cells = data.split(delimiter)
    match random_.randrange(11):
        case 0:
            return data[:at] + bytes([random_.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[at:end] * 2 + data[end:]
        case 3:
            return data[:at] + data[end:]
        case 4:
            return data[:at] + random_.choice(_ODD).encode() + data[at:]
        case 5:
            return random_.randbytes(random_.randrange(300))
        case 6:
            return (
                data[:at] + random_.choice((b"9", b"A", b"<a>", b"\t", b",")) * random_.choice((70, 5000)) + data[at:]
            )
        case 7:
            random_.shuffle(cells)
            return delimiter.join(cells)
        case 8:
            cells[random_.randrange(len(cells))] = random_.choice(_ODD).encode()
            return delimiter.join(cells)
        case 9:
            encoding = random_.choice(("utf-16", "utf-16-le", "cp932", "cp949", "latin-1"))
            return data.decode("utf-8", "replace").encode(encoding, "replace")
        case _:
            copied = cells[random_.randrange(len(cells))]
            cells.insert(random_.randrange(len(cells)), copied)
            return delimiter.join(cells)


def _repacked(data: bytes, random_: random.Random) -> bytes:
    """An archive with one of its members damaged, or the archive's own bytes where it is no longer one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # whatever the damage did to it, a damaged archive is what is wanted
        return _once(data, random_)
    if not members:
        return data
    name = random_.choice(sorted(members))
    members[name] = _once(members[name], random_)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def ends_well(path: Path) -> bool:
    """Read; true for a value, false for a refusal. Either can be shown and written down."""
    try:
        value = read_file(path)
    except Refusal as refusal:
        for fault in refusal.faults:
            json.dumps(fault.as_json(), ensure_ascii=False).encode("utf-8")
            assert fault.code and "\n" not in fault.message, fault
            assert fault.row is None or fault.row >= 0, fault
        return False
    for finding in value.findings:
        json.dumps(finding.as_json(), ensure_ascii=False).encode("utf-8")
    return True
