"""Mutation matrices: worked by hand, against published programs' answers, and as properties."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from homeward import Refusal
from homeward.genetics import (
    REST,
    is_always_lumpable,
    is_lumpable,
    is_reversible,
    is_stationary,
    mutation_matrix,
    overall_rate,
    transformed,
)

CASES = sorted((Path(__file__).parent / "mutation").glob("*.json"))
REPEATS = ("8", "9", "9.3", "10", "11", "12.2")
P = np.array([0.1, 0.25, 0.05, 0.3, 0.2, 0.1])
WHOLE = ("8", "9", "10", "12")
Q = np.array([0.4, 0.3, 0.2, 0.1])


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-15)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_reference(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    spec, expected, p = case["spec"], case["expected"], np.array(case["frequencies"])
    m = mutation_matrix(
        spec["model"],
        case["alleles"],
        p,
        rate=spec["rate"],
        rate2=spec["rate2"] or 0.0,
        range=spec["range"] or 0.1,
    )
    if spec["transform"]:
        m = transformed(m, p, spec["transform"])
    np.testing.assert_allclose(m, expected["matrix"], rtol=0, atol=1e-12)
    assert overall_rate(m, p) == pytest.approx(expected["overall_rate"], abs=1e-12)
    assert is_stationary(m, p) == expected["stationary"]
    assert is_reversible(m, p) == expected["reversible"]
    assert is_always_lumpable(m) == expected["always_lumpable"]
    assert is_lumpable(m, case["alleles"], expected["lump_set"]) == expected["lumpable"]


def test_equal():
    close(mutation_matrix("equal", ("1", "2", "3"), [0.2, 0.3, 0.5], rate=0.02), 0.97 * np.eye(3) + 0.01)


def test_proportional_has_its_rate_over_the_population():
    m = mutation_matrix("proportional", ("1", "2"), [0.2, 0.8], rate=0.01)
    alpha = 0.01 / (2 * 0.2 * 0.8)
    close(m, [[1 - alpha * 0.8, alpha * 0.8], [alpha * 0.2, 1 - alpha * 0.2]])


def test_one_step_shares_the_rate_among_existing_neighbours():
    close(
        mutation_matrix("onestep", WHOLE, Q, rate=0.02),
        [[0.98, 0.02, 0, 0], [0.01, 0.98, 0.01, 0], [0, 0.02, 0.98, 0], [0, 0, 0, 1]],
    )


def test_stepwise_within_and_between_classes():
    m = mutation_matrix("stepwise", ("9", "9.3", "10", "12"), Q, rate=0.011, rate2=0.0003, range=0.1)
    # 9 → 10 one step, 9 → 12 three: 1 and 1/100 of what is nearest.
    near = 0.011 / 1.01
    close(m[0], [1 - 0.0113, 0.0003, near, near / 100])
    # 9.3 is alone in its class.
    close(m[1], [0.0001, 1 - 0.0003, 0.0001, 0.0001])
    close(m[2], [0.011 / 1.1, 0.0003, 1 - 0.0113, 0.011 / 1.1 * 0.1])


def test_stepwise_reaches_a_neighbour_however_far():
    m = mutation_matrix("stepwise", ("5", "400"), [0.5, 0.5], rate=0.01, range=0.1)
    close(m, [[0.99, 0.01], [0.01, 0.99]])


def test_dawid():
    m = mutation_matrix("dawid", ("8", "9", "11"), [0.5, 0.3, 0.2], rate=0.01, range=0.5)
    a = 0.01 / (2 * (0.5 + 0.125 + 0.25))
    close(m[0, 1:], [a * 0.5 / 0.5, a * 0.125 / 0.5])
    close(m[2, :2], [a * 0.125 / 0.2, a * 0.25 / 0.2])


def test_one_allele_cannot_mutate():
    for model in ("equal", "proportional", "random", "onestep", "stepwise", "dawid"):
        close(mutation_matrix(model, ("9",), [1.0], rate=0.01), [[1.0]])


def test_custom_by_name_and_as_array():
    rows = {"a": {"b": 0.1, "a": 0.9}, "b": {"a": 0.2, "b": 0.8}}
    m = mutation_matrix("custom", ("b", "a"), [0.5, 0.5], matrix=rows)
    close(m, [[0.8, 0.2], [0.1, 0.9]])
    close(mutation_matrix("custom", ("b", "a"), [0.5, 0.5], matrix=m), m)


def test_random_follows_its_seed():
    one = mutation_matrix("random", WHOLE, Q, rate=0.1, seed=3)
    assert (one == mutation_matrix("random", WHOLE, Q, rate=0.1, seed=3)).all()
    assert (one != mutation_matrix("random", WHOLE, Q, rate=0.1, seed=4)).any()
    close(one.diagonal(), [0.9] * 4)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("mutation-rate", {"model": "equal", "rate": -0.1}),
        ("mutation-rate", {"model": "equal", "rate": 1.1}),
        ("mutation-rate", {"model": "stepwise", "rate": 0.6, "rate2": 0.6}),
        ("mutation-rate", {"model": "proportional", "rate": 1.0}),
        ("mutation-rate", {"model": "dawid", "rate": 0.9, "frequencies": [0.97, 0.01, 0.01, 0.01]}),
        ("mutation-rate", {"model": "dawid", "rate": 0.1, "frequencies": [0.5, 0.5, 0.0, 0.0]}),
        ("mutation-range", {"model": "stepwise", "rate": 0.1, "range": 0.0}),
        ("mutation-range", {"model": "dawid", "rate": 0.1, "range": 1.5}),
        ("mutation-alleles", {"model": "onestep", "rate": 0.1, "alleles": ("8", "9", "10", REST)}),
        ("mutation-alleles", {"model": "stepwise", "rate": 0.1, "alleles": ("A", "C", "G", "T")}),
        ("mutation-alleles", {"model": "dawid", "rate": 0.1, "alleles": ("8", "9", "9.3", "10")}),
        ("mutation-matrix", {"model": "custom"}),
        ("mutation-matrix", {"model": "custom", "matrix": np.eye(3)}),
        ("mutation-matrix", {"model": "custom", "matrix": 2 * np.eye(4) - 0.25}),
        ("mutation-matrix", {"model": "custom", "matrix": 0.9 * np.eye(4)}),
        ("mutation-matrix", {"model": "custom", "matrix": {"8": {"8": 1.0}}}),
        ("mutation-model", {"model": "stepwize"}),
    ],
)
def test_impossible_matrices_are_refused(code, arguments):
    given_ = {"alleles": WHOLE, "frequencies": Q} | arguments
    with pytest.raises(Refusal) as refused:
        mutation_matrix(given_.pop("model"), given_.pop("alleles"), given_.pop("frequencies"), **given_)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert refused.value.faults[0].remedy


@pytest.mark.parametrize(
    ("matrix", "p", "method"),
    [
        ([[0.5, 0.5], [0.5, 0.5]], [0.99, 0.01], "stationary"),  # the rare allele would mutate 25 times a meiosis
        ([[0.5, 0.5], [0.5, 0.5]], [0.99, 0.01], "PR"),
        ([[0.9, 0.1], [0.0, 1.0]], [0.5, 0.5], "stationary"),
        ([[0.9, 0.1], [0.0, 1.0]], [0.5, 0.5], "MH"),
        ([[0.9, 0.1], [0.0, 1.0]], [0.5, 0.5], "BA"),
        ([[0.9, 0.1], [0.1, 0.9]], [1.0, 0.0], "MH"),
        ([[0.9, 0.1], [0.1, 0.9]], [0.5, 0.5], "XX"),
    ],
)
def test_impossible_transformations_are_refused(matrix, p, method):
    with pytest.raises(Refusal) as refused:
        transformed(np.array(matrix), p, method)
    assert refused.value.faults[0].code == "mutation-transform"


def test_transformations_by_hand():
    # Equal rate on two alleles: the flow from the common one must fall to the flow from the rare one.
    m, p = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([0.8, 0.2])
    for method in ("stationary", "MH", "BA", "PR"):
        close(transformed(m, p, method), [[1 - 0.05 / 0.8, 0.05 / 0.8], [0.05 / 0.2, 1 - 0.05 / 0.2]])
    close(transformed(np.eye(2), p, "BA"), np.eye(2))


def test_mean_flow_keeps_a_mutation_that_goes_one_way():
    close(transformed(np.array([[0.9, 0.1], [0.0, 1.0]]), [0.5, 0.5], "PR"), [[0.95, 0.05], [0.05, 0.95]])


def test_lumping():
    equal = mutation_matrix("equal", WHOLE, Q, rate=0.03)
    step = mutation_matrix("onestep", ("8", "9", "10"), [0.3, 0.3, 0.4], rate=0.03)
    assert is_always_lumpable(equal)
    assert is_lumpable(equal, WHOLE, ("8", "12"))
    assert not is_always_lumpable(step)
    assert not is_lumpable(step, ("8", "9", "10"), ("8", "9"))
    assert is_lumpable(step, ("8", "9", "10"), ("8", "10"))
    assert is_lumpable(step, ("8", "9", "10"), ("8", "9", "10"))
    with pytest.raises(ValueError, match="99"):
        is_lumpable(step, ("8", "9", "10"), ("99",))


@st.composite
def chains(draw):
    """A model's matrix and frequencies none of which is tiny."""
    weights = draw(st.lists(st.floats(0.05, 1.0), min_size=6, max_size=6))
    p = np.array(weights) / sum(weights)
    model = draw(st.sampled_from(["equal", "proportional", "random", "onestep", "stepwise"]))
    rate = draw(st.floats(1e-6, 0.05))
    rate2 = draw(st.floats(1e-7, 0.01))
    return mutation_matrix(model, REPEATS, p, rate=rate, rate2=rate2, range=draw(st.floats(0.01, 1.0)), seed=1), p


@given(chains())
def test_rows_are_distributions(chain):
    m, _ = chain
    assert (m >= 0).all()
    np.testing.assert_allclose(m.sum(axis=1), 1.0, rtol=0, atol=1e-14)


@given(chains(), st.sampled_from(["stationary", "MH", "BA", "PR"]))
def test_transformed_matrices_keep_the_frequencies_and_the_rate(chain, method):
    m, p = chain
    try:
        t = transformed(m, p, method)
    except Refusal as refused:
        assert {fault.code for fault in refused.faults} == {"mutation-transform"}
        assume(False)
    np.testing.assert_allclose(t.sum(axis=1), 1.0, rtol=0, atol=1e-14)
    np.testing.assert_allclose(p @ t, p, rtol=0, atol=1e-14)
    assert overall_rate(t, p) == pytest.approx(overall_rate(m, p), rel=1e-10)
    assert is_stationary(t, p)
    if method != "stationary":
        assert is_reversible(t, p)
    np.testing.assert_allclose(transformed(t, p, method), t, rtol=0, atol=1e-13)


# --- a silent allele neither mutates nor arises ---

VISIBLE = np.array([0.5, 0.3, 0.15])
WITH_SILENT = np.array([0.5, 0.3, 0.15, 0.05])
NAMES = ("10", "11", "12", "silent")


@pytest.mark.parametrize("model", ["equal", "proportional", "onestep", "stepwise", "dawid"])
@pytest.mark.parametrize("transform", [None, "MH", "stationary"])
def test_a_silent_allele_stands_outside_every_model(model, transform):
    m = mutation_matrix(model, NAMES, WITH_SILENT, rate=0.01, transform=transform, silent=3)
    np.testing.assert_array_equal(m[3], [0, 0, 0, 1])
    np.testing.assert_array_equal(m[:, 3], [0, 0, 0, 1])
    np.testing.assert_allclose(m.sum(axis=1), 1, rtol=1e-14)
    plain = mutation_matrix(model, NAMES[:3], VISIBLE, rate=0.01)
    np.testing.assert_allclose(m[:3, :3], transformed(plain, VISIBLE, transform) if transform else plain, rtol=1e-14)


def test_rates_among_visible_alleles_are_those_published_with_familias():
    """Familias: equal .002 of two; proportional .002 over the whole population, the silent twentieth included."""
    equal = mutation_matrix("equal", ("10", "11", "silent"), [0.68, 0.31, 0.01], rate=0.002, silent=2)
    np.testing.assert_allclose(equal, [[0.998, 0.002, 0], [0.002, 0.998, 0], [0, 0, 1]], rtol=1e-15)
    p = [0.792903, 0.157097, 0.05]
    m = mutation_matrix("proportional", ("10", "11", "silent"), p, rate=0.002, silent=2)
    np.testing.assert_allclose(m[0, 1], 0.00126118831685591, rtol=1e-12)
    np.testing.assert_allclose(m[1, 0], 0.00636549393050154, rtol=1e-12)
    assert overall_rate(m, p) == pytest.approx(0.002, rel=1e-12)


def test_a_custom_matrix_may_speak_of_the_silent_allele_or_not():
    two = {"10": {"10": 0.9, "11": 0.1}, "11": {"10": 0.2, "11": 0.8}}
    names, p = ("10", "11", "silent"), [0.6, 0.3, 0.1]
    m = mutation_matrix("custom", names, p, matrix=two, silent=2)
    np.testing.assert_array_equal(m, [[0.9, 0.1, 0], [0.2, 0.8, 0], [0, 0, 1]])
    three = {a: {**row, a: row[a] - 0.01, "silent": 0.01} for a, row in two.items()}
    three["silent"] = {"10": 0.0, "11": 0.0, "silent": 1.0}
    m = mutation_matrix("custom", names, p, matrix=three, silent=2)
    np.testing.assert_allclose(m, [[0.89, 0.1, 0.01], [0.2, 0.79, 0.01], [0, 0, 1]])
    np.testing.assert_array_equal(mutation_matrix("custom", names, p, matrix=m, silent=2), m)
