"""What formats of files are called, in English: as their registry calls them. Keys are stable."""

from __future__ import annotations

__all__ = ["ENGLISH_FORMATS"]

ENGLISH_FORMATS: dict[str, str | tuple[str, str]] = {
    "format.case-folder": "Homeward case folder",
    "format.familias": "Familias 3 project (.fam)",
    "format.genemapper": "GeneMapper ID export, long or a row a sample, with or without heights",
    "format.genemarker": "GeneMarker HID allele report",
    "format.genemarker-hts": "GeneMarker HTS sequences",
    "format.codis-cmf": "CODIS Common Message Format 3.2 (XML)",
    "format.codis-csv": "CODIS database as CSV: specimenId, LOCUS_1 to LOCUS_4",
    "format.euroformix": "EuroForMix and LRmix evidence and references",
    "format.strmix": "STRmix input: a row an allele",
    "format.relsearch": "RelSearch victims and references, autosomal and Y",
    "format.forenseq-uas": "ForenSeq Universal Analysis Software sample report",
    "format.homeward-csv": "profiles.csv of a case folder",
    "format.wide": "a table with a row a sample",
    "format.transposed": "a table with a column a sample",
    "format.xlsx": "Excel workbook",
    "format.ods": "OpenDocument spreadsheet",
    "format.emp": "EMPOP mitochondrial haplotypes (.emp)",
    "format.hsd": "HaploGrep mitochondrial haplotypes (.hsd)",
    "format.mt-table": "mitochondrial haplotypes as a table: mtdna.csv, RelSearch",
    "format.fasta": "mitochondrial sequences (FASTA)",
    "format.mt-vcf": "mitochondrial variants (VCF)",
    "format.ped": "PED text (PLINK, MERLIN) with .map or .dat beside it",
    "format.euroformix-frequencies": "EuroForMix and RelSearch tables: a column a marker",
    "format.genis-frequencies": "GENis frequencies, long or wide",
    "format.long-frequencies": "frequencies.csv, and other long tables",
    "format.familias-frequencies": "Familias text database: blocks of allele and frequency",
    "format.strider": "STRidER frequencies (XML)",
}
