"""CODIS Common Message Format 3.2 (XML), as CODIS, OSIRIS, GENis and SmartRank exchange specimens."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from homeward.faults import Fault
from homeward.formats.profiles import Collector, Profiles
from homeward.formats.xml_text import tree_of

__all__ = ["FORMAT", "read_codis", "write_codis"]

FORMAT = "codis-cmf"
ROOT = "CODISImportFile"
_NAMESPACE = "urn:CODISImportFile-schema"


def read_codis(data: bytes, file: str, faults: list[Fault]) -> Profiles:
    """The specimens of a CMF import file; a locus with one allele is a homozygote.

    Operators, laboratories, dates and peak-independent attributes are passed over. Specimen category is the
    profile's ``category``. Faults: those of the XML, ``no-profiles``, ``bad-id``, ``bad-allele``.
    """
    into = Collector(FORMAT, file, faults)
    top = tree_of(data, file, faults)
    if top is not None and top.name != ROOT:
        into.fault("no-profiles", "the document is no CODIS import file", "export CMF 3.2")
        return into.profiles()
    for specimen in top.all("SPECIMEN") if top else ():
        name = specimen.first("SPECIMENID")
        sample = into.sample(name, row=specimen.line, column="SPECIMENID", category=specimen.first("SPECIMENCATEGORY"))
        for locus in specimen.all("LOCUS"):
            cells = [allele.first("ALLELEVALUE") for allele in locus.all("ALLELE")]
            columns = ["ALLELEVALUE"] * len(cells)
            into.add(sample, locus.first("LOCUSNAME"), cells, row=locus.line, columns=columns)
    return into.profiles()


def write_codis(profiles: Profiles) -> tuple[bytes, tuple[Fault, ...]]:
    """A CMF 3.2 file; laboratory, user and time are left for the sender to fill in. Also what it cannot hold."""
    from homeward.formats.writing import not_held

    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<{ROOT} xmlns={quoteattr(_NAMESPACE)}>",
        "  <HEADERVERSION>3.2</HEADERVERSION>",
        "  <MESSAGETYPE>Import</MESSAGETYPE>",
        "  <DESTINATIONORI>UNKNOWN</DESTINATIONORI>",
        "  <SOURCELAB>UNKNOWN</SOURCELAB>",
        "  <SUBMITBYUSERID>UNKNOWN</SUBMITBYUSERID>",
        "  <SUBMITDATETIME>1970-01-01T00:00:00</SUBMITDATETIME>",
    ]
    for profile in profiles.profiles:
        out += [
            "  <SPECIMEN>",
            f"    <SPECIMENID>{escape(profile.sample)}</SPECIMENID>",
            f"    <SPECIMENCATEGORY>{escape(profile.category or 'Other')}</SPECIMENCATEGORY>",
        ]
        for typing in profile.typings:
            once = typing.alleles[:1] if len(set(typing.alleles)) == 1 else typing.alleles
            out += [
                "    <LOCUS>",
                f"      <LOCUSNAME>{escape(typing.marker)}</LOCUSNAME>",
                "      <READINGBY>UNKNOWN</READINGBY>",
                "      <READINGDATETIME>1970-01-01T00:00:00</READINGDATETIME>",
                *(f"      <ALLELE>\n        <ALLELEVALUE>{escape(a)}</ALLELEVALUE>\n      </ALLELE>" for a in once),
                "    </LOCUS>",
            ]
        out.append("  </SPECIMEN>")
    out.append(f"</{ROOT}>")
    return ("\n".join(out) + "\n").encode("utf-8"), not_held(profiles, {"category"})
