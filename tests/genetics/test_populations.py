"""The bundled tables are what their sources say."""

import math

import pytest

from homeward.genetics import (
    allele_kind,
    allele_order,
    bundled_population,
    bundled_populations,
    canonical_allele,
    canonical_marker,
    default_mutation,
)

IDS = [p.id for p in bundled_populations()]


@pytest.mark.parametrize("id", IDS)
def test_every_table_is_sound(id):
    about = next(p for p in bundled_populations() if p.id == id)
    table = bundled_population(id)
    assert table.population == id
    assert table.source
    assert table.counts == (about.values == "count")
    for marker, values in table.markers.items():
        assert canonical_marker(marker) == marker
        assert allele_kind(marker) == "STR"
        assert list(values) == list(allele_order(canonical_allele(a, "STR") for a in values))
        assert all(v > 0 for v in values.values())
        total = math.fsum(values.values())
        if table.counts:
            assert all(v == int(v) for v in values.values())
            assert about.individuals is None or total <= 2 * about.individuals
        else:
            assert total == pytest.approx(1.0, abs=1e-6)


def test_japan_has_its_published_counts():
    table = bundled_population("JPN_GF1501")
    assert len(table.markers) == 21
    sizes = {marker: sum(values.values()) for marker, values in table.markers.items()}
    assert sizes.pop("D12S391") == 3000
    assert set(sizes.values()) == {3002}
    assert table.markers["TH01"]["6"] == 663
    assert table.markers["TPOX"]["10"] == 100


def test_unsound_tables_are_left_out():
    assert not [id for id in IDS if id.startswith("MISP")]
    assert len(set(IDS)) == len(IDS)


def test_an_id_that_is_not_bundled():
    with pytest.raises(KeyError):
        bundled_population("Atlantis")


def test_default_rates():
    assert default_mutation("SE33") == default_mutation("ACTBP2") == (0.0030, 0.0064)
    assert default_mutation("D1S1656") == default_mutation("never heard of") == (0.00050573, 0.00253635)
