"""Declarations: a parameter or outcome is written once, with a range that holds and a source that exists."""

from typing import NamedTuple

import pytest

from sim.declare import OUTCOMES, Parameter, declared, defaults, outcome, parameter
from sim.errors import InputError
from sim.outcomes import measure as _  # noqa: F401  (declares all outcomes)
from sim.parameters import GROUPS, Parameters, catalogue, default_parameters, with_values
from sim.sources import unknown_keys


class Trees(NamedTuple):
    height: float = parameter(12, "m", 2, 40, "height of a tree", "assumption")
    decay: float = parameter(0.1, "1/year", 0, 1, "leaves lost", "bass_1969")


def test_a_group_of_parameters_is_a_tuple_of_numbers_with_names():
    assert defaults(Trees) == (12.0, 0.1)
    assert defaults(Trees).height == 12.0
    assert declared(Trees)["height"] == Parameter(12.0, "m", 2.0, 40.0, "height of a tree", "assumption")
    assert declared(Trees)["height"].is_assumption
    assert not declared(Trees)["decay"].is_assumption


@pytest.mark.parametrize("default", [1.9, 40.1, float("nan")])
def test_a_default_outside_its_range_cannot_be_declared(default):
    with pytest.raises(ValueError, match="outside"):
        parameter(default, "m", 2, 40, "height of a tree", "assumption")


def test_an_outcome_cannot_be_declared_twice():
    with pytest.raises(ValueError, match="gini is declared twice"):
        outcome("gini", "index", "again", "gini_1912")


@pytest.mark.parametrize("name", catalogue())
def test_every_parameter_says_its_unit_range_meaning_and_source(name):
    line = catalogue()[name]
    assert line.low < line.high, "a range of one value cannot be explored"
    assert line.unit.strip() and len(line.meaning) > 8
    assert unknown_keys(line.source) == []


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_says_its_unit_meaning_and_source(name):
    line = OUTCOMES[name]
    assert name.isidentifier() and name == name.lower()
    assert line.unit.strip() and len(line.meaning) > 8
    assert line.good in (-1, 0, 1)
    assert unknown_keys(line.source) == []
    assert not line.unit.startswith("Rp") or "start prices" in line.unit, "money needs its price year"


def test_groups_and_catalogue_name_the_same_parameters():
    p = default_parameters()
    names = {f"{group}.{field}" for group in Parameters._fields for field in getattr(p, group)._fields}
    assert names == set(catalogue())
    assert set(GROUPS) == set(Parameters._fields)
    for name, line in catalogue().items():
        group, field = name.split(".")
        assert getattr(getattr(p, group), field) == line.default


def test_a_changed_value_changes_nothing_else():
    p = default_parameters()
    q = with_values(p, {"labour.matching_efficiency": catalogue()["labour.matching_efficiency"].low})
    assert q.labour.matching_efficiency == catalogue()["labour.matching_efficiency"].low
    assert q._replace(labour=p.labour) == p
    assert p == default_parameters()


def test_a_misspelt_parameter_and_a_value_out_of_range_are_named_together():
    with pytest.raises(InputError) as caught:
        with_values(default_parameters(), {"labour.maching_efficiency": 1.0, "goods.import_leakage": 7.0})
    assert "labour.matching_efficiency" in caught.value.messages[0]
    assert "goods.import_leakage = 7 is outside its range" in caught.value.messages[1]
