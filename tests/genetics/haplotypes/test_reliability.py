"""Doubts about a database: as codes."""

from homeward.genetics.haplotypes import DatabaseDoubt, bundled_database, database_doubts


def test_each_doubt() -> None:
    danes = bundled_database("DNK_Hallenberg2005")
    found = database_doubts(danes, "discrete-laplace", ["DYS19", "DYS576", "DYS385"], "Japanese")
    assert [(d.code, d.value) for d in found] == [
        ("small-haplotype-database", "185"),
        ("haplotype-population", "Danes, 10 markers"),
        ("loci-not-in-database", "DYS576,DYS385"),
    ]


def test_no_doubt() -> None:
    han = bundled_database("CHN_Han_Yfiler")
    assert database_doubts(han, "brenner-kappa", ["DYS19", "DYS385"], "chn_han_yfiler") == ()
    small = DatabaseDoubt("small-haplotype-database", "AUS_SA_EastAsian_YfilerPlus", "196")
    assert database_doubts(bundled_database("AUS_SA_EastAsian_YfilerPlus"), "clopper-pearson", []) == (small,)
