"""One small invented file a format, in the shape in which its program writes it; the persons do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeward.formats.spreadsheet import write_ods, write_xlsx

__all__ = ["SAMPLES", "Sample"]


@dataclass(frozen=True)
class Sample:
    """A file's name and bytes, the format it is of, and the files that must lie beside it."""

    file: str
    format: str
    data: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)


def _lines(*lines: str) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


_GENEMAPPER = _lines(
    "Sample File\tSample Name\tPanel\tMarker\tDye\tAllele 1\tAllele 2\tAllele 3\tSize 1\tSize 2\tSize 3\t"
    "Height 1\tHeight 2\tHeight 3",
    "a01.fsa\t007-B1\tGF\tD3S1358\tB\t15\t17\t\t120.1\t128.3\t\t812\t790\t\t",
    "a01.fsa\t007-B1\tGF\tTH01\tY\t9.3\t\t\t190.2\t\t\t1540\t\t\t",
    "a01.fsa\t007-B1\tGF\tAMEL\tR\tX\tY\t\t98.9\t104.6\t\t900\t911\t\t",
    "a01.fsa\t007-B1\tGF\tSE33\tP\tOL\t27.2\t\t300.0\t\t\t201\t180\t\t",
    "a01.fsa\t007-B1\tGF\tDYS391\tR\t10\t\t\t361.0\t\t\t640\t\t\t",
    "a02.fsa\t007-B1\tGF\tD3S1358\tB\t15\t17\t\t120.1\t128.3\t\t402\t377\t\t",
    "a02.fsa\tMix\tGF\tD3S1358\tB\t14\t15\t16\t\t\t\t300\t640\t590\t",
    "a02.fsa\tMix\tGF\tTH01\tY\t6\t7\t9\t\t\t\t200\t310\t280\t",
    "lad.fsa\tAllelic Ladder\tGF\tTH01\tY\t4\t5\t6\t\t\t\t1\t1\t1\t",
)
_GENEMAPPER_WIDE = _lines(
    "Sample File\tSample Name\tD10S1248\tHeight\tvWA\tHeight\tAMEL\tHeight\tTH01\tHeight\t",
    "1.fsa\t0001#01\t13, 15, , , \t120, 98, , , \t17, , , , \t301, , , , \tX, , , , \t451, , , , "
    "\t6, 9.3, , , \t80, 77, , , \t",
    "2.fsa\t0002#01\t14, , , , \t230, , , , \t16, 18, , , \t99, 101, , , \tX, Y, , , \t200, 190, , , "
    "\t7, , , , \t75, , , , \t",
)
_GENEMARKER = _lines(
    "Project: Mine, Panel: ESX17, Date: 2026-01-05",
    "Sample Name,Marker,Allele 1,Allele 2,Height 1,Height 2",
    "R-07,D1S1656,14,17.3,510,488",
    "R-07,D2S441,11.3,,900,",
    "R-07,Amelogenin,X,Y,700,650",
)
_GENEMARKER_HTS = _lines(
    "Locus,Total_Reads,Sequence,SampleID,Project,Analysis",
    "TH01,880,AATGAATGAATGAATGAATGAATG,R-08,NA,NA",
    "TH01,412,AATGAATGAATGATGAATGAATGAATGAATGAATG,R-08,NA,NA",
    "TPOX,1200,AATGAATGAATGAATGAATGAATGAATGAATG,R-08,NA,NA",
)
_CODIS = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<CODISImportFile xmlns="urn:CODISImportFile-schema">\n'
    "  <HEADERVERSION>3.2</HEADERVERSION><MESSAGETYPE>Import</MESSAGETYPE>\n"
    '  <SPECIMEN SOURCEID="N/A" CASEID="1">\n    <SPECIMENID>뼈-01#가</SPECIMENID>\n'
    "    <SPECIMENCATEGORY>Unidentified Person</SPECIMENCATEGORY>\n"
    + "".join(
        f"    <LOCUS><LOCUSNAME>{locus}</LOCUSNAME><READINGBY>X</READINGBY>"
        + "".join(f"<ALLELE><ALLELEVALUE>{a}</ALLELEVALUE></ALLELE>" for a in alleles)
        + "</LOCUS>\n"
        for locus, alleles in (("TH01", ("6", "9.3")), ("ACTBP2", ("27.2",)), ("FGA", ("&lt;17", "22")))
    )
    + "  </SPECIMEN>\n</CODISImportFile>\n"
).encode()
_CODIS_CSV = _lines(
    "specimenId,PENTAD_1,PENTAD_2,PENTAD_3,PENTAD_4,TH01_1,TH01_2,TH01_3,TH01_4,VWA_1,VWA_2,VWA_3,VWA_4",
    "AB#01,12,13,NULL,NULL,9.0,9.3,NULL,NULL,16.0,16.0,NULL,NULL",
    "AB#02,9,9,NULL,NULL,6,NULL,NULL,NULL,NULL,NULL,NULL,NULL",
)
_EUROFORMIX = _lines(
    "SampleName;Marker;Allele1;Allele2;Allele3;Height1;Height2;Height3",
    "stain1;D3S1358;14;16;;178,5;2405;",
    "stain1;TH01;6;9,3;;419;1871;",
    "stain1;TPOX;8;;;660;;",
)
_STRMIX = _lines("Locus,Allele,Height,Size", "TH01,6.0,1632,108.0", "TH01,9.3,2197,119.0", "FGA,22.0,1001,188.0")
_RELSEARCH = _lines(
    "SampleName,Family,Relationship,D3S1358,D3S1358,TH01,TH01,DYS385,DYS391",
    'R1,F1,Father_Son,15,18,9,9,"11,16",10',
    "R2,F2,Mother_Son,16,17,7,9.3,,",
)
_UAS = write_xlsx(
    {
        "Autosomal STRs": [
            ["Sample Autosomal STR Report"],
            [],
            ["Sample", "骨-3"],
            ["Gender", "XY"],
            ["Locus", "Genotype", "QC Indicators"],
            ["Amelogenin", "X,Y"],
            ["TPOX", "11,11"],
            ["D2S441", "10,14"],
            ["FGA", "INC", "Analytical Threshold"],
            [],
            ["Locus", "Allele Name", "Typed Allele?", "Reads", "Repeat Sequence"],
            ["D2S441", "10", "Yes", "1781", "TCTA"],
            ["D2S441", "13", "No", "33", "TCTA"],
            ["D2S441", "14", "Yes", "1330", "TCTA"],
            ["TPOX", "11", "Yes", "1216", "AATG"],
        ],
        "Y STRs": [
            ["Sample", "骨-3"],
            ["Locus", "Genotype", "QC Indicators"],
            ["DYS391", "10"],
            ["DYS385a-b", "13,16"],
        ],
        "Settings": [["Locus Settings"], ["Locus", "Genotype"]],
    }
)
_HOMEWARD = _lines("sample,marker,allele1,allele2,replicate", "R-07,TH01,6,9.3,1", "R-07,FGA,22,22,1")
_WIDE = (
    "検体名\tTH01\tTH01\tvWA_1\tvWA_2\tAMEL\r\n遺骨１\t９．３\t９．３\t16\t17\tXY\r\n遺骨２\t6\t7\t\t\tX\r\n".encode(
        "cp932"
    )
)
_TRANSPOSED = _lines("Locus\tC1\tC2", 'D3S1358\t"14,15"\t16', 'AMEL\t1\t"1,2"', 'TH01\t"8,9.3"\t"9,3"')
_ROWS = [["시료명", "Marker", "Allele 1", "Allele 2"], ["뼈 01", "TH01", "9.3", "6"], ["뼈 01", "FGA", "22", "24"]]
_PED = b"F1 M1 0 0 1 -9 15 17 0 0\nF1 W1 0 0 2 -9 16 16 6 9.3\nF1 C1 M1 W1 2 -9 15 16 6 7\n0 V1 0 0 0 -9 14 14 8 9\n"
_MAP = b"3 D3S1358 0 45582231\n11 TH01 0 2192318\n"
_FREQUENCIES = "\ufeffAllele;TH01;TPOX\r\n6;0,25;\r\n8;0,05;0,6\r\n9,3;0,7;\r\n11;;0,4\r\n".encode()
_GENIS = _lines(
    "Marcador,Individuos,Total Muestras,Alelo,n,freq",
    "TPOX,50,51,8,60,0.6",
    "TPOX,50,51,11,40,0.4",
    "TH01,50,51,9.3,100,1",
)
_STRIDER = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<frequencies validity="2015"><marker><name>VWA</name>'
    b'<alleles>16, 17</alleles><origin name="AUSTRIA" n="222"><frequency allele="16">2.5e-1</frequency>'
    b'<frequency allele="17">7.5e-1</frequency></origin><origin name="JAPAN" n="10"><frequency allele="16">1'
    b"</frequency></origin></marker></frequencies>"
)

_EMP = _lines(
    "# Invented, for nobody",
    "#! 16024-576",
    "K-01\tD4\t1\t16223T\t16362C\t73G\t249DEL\t263G\t309.1C\t315.1C\t489C\t523DEL\t524DEL",
    "K-02\t?\t3\t16519C\t263G\t315.1C",
    "#K-03\t?\t1\t73G",
    "#! 16024-16365 73-340",
    "K-04\tB4\t1\t16183C\t16189C\t16193.1C\t16217C\t73G\t263G\t315.1c",
)
_HSD = _lines(
    "ID\tRange\tHaplogroup\tPolymorphisms",
    "H-1\t1-16569;\tA2w\t73G\t263G\t315.1C\t8281-8289d\t16519C!\t573.XC",
    "H-2\t16024-16569; 1-576;\t?\t248d 263G 16093Y 309.1CC 315.1C",
)
_MT_TABLE = _lines(
    "SampleName,Family,Relationship,Range,Haplotype",
    "R-1,F1,Mother_Son,73-340 16024-16365,73G 263G 16223T",
    "R-1,F1,Mother_Daughter,73-340 16024-16365,73G 263G 16223T",
    "R-2,F2,Brothers,16024..16365;73..340,16189Y 200N",
)
_FASTA = _lines(
    ">S-1 61-180",
    "CGTCTGGGGGGTGTGCACGCGATAGCATTGCGAGACGCTGGAGCCGGAGCACCCTATGTC",
    "GCAGTATCTGTCTTTGATTCCTGCCCCATCCTATTATTTATCGCACCTACGTTCAATATT",
    ">S-1 301-360",
    "AACCCCCCCCTCCCCCCGCTTCTGGCCACAGCACTTAAACACATCTCTGCCAAACCCCAAAA",
)
_MT_VCF = _lines(
    "##fileformat=VCFv4.2",
    "##contig=<ID=chrM,length=16569>",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tV-1\tV-2",
    "chrM\t263\t.\tA\tG\t.\tPASS\t.\tGT:DP\t1:40\t0/1:20",
    "chrM\t309\t.\tCT\tCCT,CCCT\t.\t.\t.\tGT\t2\t0",
    "chrM\t522\t.\tCAC\tC\t.\t.\t.\tGT\t0\t1/1",
    "chrM\t16223\t.\tC\tT\t.\t.\t.\tGT\t.\t1",
)

SAMPLES: dict[str, Sample] = {
    s.file: s
    for s in (
        Sample("genemapper.txt", "genemapper", _GENEMAPPER),
        Sample("genemapper_wide.txt", "genemapper", _GENEMAPPER_WIDE),
        Sample("genemarker.csv", "genemarker", _GENEMARKER),
        Sample("genemarker_hts.csv", "genemarker-hts", _GENEMARKER_HTS),
        Sample("codis.xml", "codis-cmf", _CODIS),
        Sample("codis.csv", "codis-csv", _CODIS_CSV),
        Sample("euroformix.csv", "euroformix", _EUROFORMIX),
        Sample("strmix.csv", "strmix", _STRMIX),
        Sample("relsearch.csv", "relsearch", _RELSEARCH),
        Sample("uas.xlsx", "forenseq-uas", _UAS),
        Sample("profiles.csv", "homeward-csv", _HOMEWARD),
        Sample("wide.txt", "wide", _WIDE),
        Sample("transposed.tab", "transposed", _TRANSPOSED),
        Sample("long.xlsx", "xlsx", write_xlsx({"결과": _ROWS})),
        Sample("long.ods", "ods", write_ods({"결과": _ROWS})),
        Sample("family.ped", "ped", _PED, {"family.map": _MAP}),
        Sample("block.emp", "emp", _EMP),
        Sample("list.hsd", "hsd", _HSD),
        Sample("mtdna.csv", "mt-table", _MT_TABLE),
        Sample("part.fasta", "fasta", _FASTA),
        Sample("calls.vcf", "mt-vcf", _MT_VCF),
        Sample("frequencies.csv", "euroformix-frequencies", _FREQUENCIES),
        Sample("genis.csv", "genis-frequencies", _GENIS),
        Sample(
            "frequencies_long.csv", "long-frequencies", b"population,marker,allele,count\nP,TH01,6,3\nP,TH01,9.3,1\n"
        ),
        Sample("database.txt", "familias-frequencies", b"TH01\n6\t0.25\n9.3\t0.75\n\nTPOX\n8\t1\n"),
        Sample("strider.xml", "strider", _STRIDER),
    )
}
