"""STRidER's frequencies (XML): markers, each with the populations it was typed in."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from homeward.faults import Fault
from homeward.formats.frequency_tables import Tables
from homeward.formats.profiles import Frequencies
from homeward.formats.xml_text import tree_of

__all__ = ["FORMAT", "read_strider", "write_strider"]

FORMAT = "strider"
ROOT = "frequencies"


def read_strider(data: bytes, file: str, faults: list[Fault]) -> Frequencies:
    """One table a population (`origin`); sample sizes are told of, since a table holds none by marker.

    Faults: those of the XML, ``no-frequencies``, ``bad-allele``, ``bad-number``, ``duplicate-allele``.
    """
    into = Tables(FORMAT, file, faults)
    top = tree_of(data, file, faults)
    if top is not None and top.name != ROOT:
        into.fault("no-frequencies", "the document is no STRidER table", "export it again", None)
        return into.frequencies()
    sizes = False
    for marker in top.all("marker") if top else ():
        for origin in marker.all("origin"):
            sizes = sizes or "n" in origin.attributes
            for value in origin.all("frequency"):
                name = origin.attributes.get("name", "")
                into.put(name, marker.first("name"), value.attributes.get("allele", ""), value.text, value.line)
    if sizes:
        into.findings.append(Fault("sample-size-left-out", "numbers of persons by marker are not kept", "", file))
    return into.frequencies(source="STRidER")


def write_strider(frequencies: Frequencies) -> tuple[bytes, tuple[Fault, ...]]:
    """The tables as STRidER XML, and what it cannot hold: counts, which become frequencies."""
    faults = []
    markers = dict.fromkeys(m for t in frequencies.tables for m in t.markers)
    out = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{ROOT}>"]
    for marker in markers:
        out.append(f"  <marker>\n    <name>{escape(marker)}</name>")
        for table in frequencies.tables:
            values = table.markers.get(marker, {})
            total = sum(values.values()) if table.counts else 1.0
            if values and total:
                out.append(f"    <origin name={quoteattr(table.population)}>")
                out += [f"      <frequency allele={quoteattr(a)}>{v / total!r}</frequency>" for a, v in values.items()]
                out.append("    </origin>")
        out.append("  </marker>")
    out.append(f"</{ROOT}>")
    if any(t.counts for t in frequencies.tables):
        faults.append(Fault("not-held", "the new file does not hold counts: frequencies were written", "keep them"))
    return ("\n".join(out) + "\n").encode("utf-8"), tuple(faults)
