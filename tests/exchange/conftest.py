"""One agreed pair of sides for the session; whoever changes it takes a copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from exchange_sides import DAY, Pair, a_pair

from homeward.exchange.families_side import answer, disclose
from homeward.exchange.keys import Keys, new_keys
from homeward.exchange.remains_side import confirm, request
from homeward.exchange.side import open_side


@pytest.fixture(scope="session")
def auditor() -> Keys:
    return new_keys("auditor", "CH")


@pytest.fixture(scope="session")
def agreed(tmp_path_factory: pytest.TempPathFactory, auditor: Keys) -> Pair:
    """Nothing was sent yet."""
    return a_pair(tmp_path_factory.mktemp("agreed") / "pair", auditor=auditor.card)


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory, agreed: Pair) -> Pair:
    """The request has arrived."""
    pair = agreed.copied(tmp_path_factory.mktemp("asked") / "pair")
    with open_side(pair.jp) as side:
        request(side, pair.source("remains"))
    pair.carry(pair.jp)
    return pair


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory, asked: Pair) -> Pair:
    """The answer has arrived."""
    pair = asked.copied(tmp_path_factory.mktemp("answered") / "pair")
    with open_side(pair.kr) as side:
        answer(side, pair.source("families"))
    pair.carry(pair.kr)
    return pair


@pytest.fixture(scope="session")
def disclosed(tmp_path_factory: pytest.TempPathFactory, answered: Pair) -> Pair:
    """The families of the hits have arrived."""
    pair = answered.copied(tmp_path_factory.mktemp("disclosed") / "pair")
    with open_side(pair.jp) as side:
        confirm(side, DAY, ["reviewer-1"])
    pair.carry(pair.jp)
    with open_side(pair.kr) as side:
        disclose(side, pair.source("families"), ["reviewer-2"])
    pair.carry(pair.kr)
    return pair


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where a copy may be."""
    return tmp_path / "copy"
