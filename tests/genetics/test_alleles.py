"""One allele has one spelling, and alleles stand in the order of their repeats."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.genetics import REST, SILENT, allele_order, alternatives, canonical_allele, fraction, repeats


@pytest.mark.parametrize(
    ("text", "kind", "canonical"),
    [
        ("9.0", "STR", "9"),
        ("09", "STR", "9"),
        (" 9.3 ", "STR", "9.3"),
        ("0", "STR", "0"),
        ("?", "STR", "?"),
        ("A", "SNP", "A"),
        ("?", "SNP", "?"),
        ("Y", "AMEL", "Y"),
        ("ins", "other", "ins"),
        ("08.0", "other", "8"),
    ],
)
def test_spelling(text, kind, canonical):
    assert canonical_allele(text, kind) == canonical


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<12", "STR"),
        ("OL", "STR"),
        ("", "STR"),
        ("9.35", "STR"),
        ("9,3", "STR"),
        ("-9", "STR"),
        ("１２", "STR"),
        ("N", "SNP"),
        ("a", "SNP"),
        ("Z", "AMEL"),
        ("", "other"),
        ("two words", "other"),
        (REST, "other"),
        (SILENT, "other"),
        (SILENT, "STR"),
        ("ins|del", "other"),
    ],
)
def test_what_is_no_allele(text, kind):
    with pytest.raises(ValueError, match="is not"):
        canonical_allele(text, kind)


def test_order_is_numeric_then_text_then_rest_then_silent():
    written = ["10", SILENT, REST, "z", "9.3", "9", "a", "11"]
    assert allele_order(written) == ("9", "9.3", "10", "11", "a", "z", REST, SILENT)


def test_alternatives():
    assert [alternatives(a) for a in ("9", "8|9.3", "?")] == [("9",), ("8", "9.3"), ()]


def test_repeats_and_fraction():
    assert (repeats("9.3"), fraction("9.3")) == (9, 3)
    assert (repeats("17"), fraction("17")) == (17, 0)
    assert (repeats("A"), fraction("A")) == (None, None)


@given(st.integers(0, 99), st.integers(0, 9), st.integers(0, 3))
def test_equal_numbers_have_equal_names(whole, part, zeros):
    written = "0" * zeros + f"{whole}.{part}"
    name = canonical_allele(written, "STR")
    assert float(name) == float(written)
    assert canonical_allele(name, "STR") == name


def test_names_need_no_numpy():
    code = (
        "import sys; from homeward.genetics import canonical_allele, canonical_marker, bundled_populations, "
        "default_mutation; canonical_marker('THO1'); bundled_populations(); default_mutation('vWA'); "
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
