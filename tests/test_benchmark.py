"""The benchmark compares like with like."""

import pytest

from sim.benchmark import read_scales
from sim.errors import InputError
from sim.mesa_twin import compare_with_mesa


def test_mesa_objects_and_compiled_rows_do_the_same_task():
    """Same incomes, same rules: the savings of every household agree to the last digits, and rows are faster."""
    figures = compare_with_mesa(count=500, months=6)
    assert figures["largest_difference"] < 1e-12
    assert figures["ratio"] > 5


def test_scales_are_whole_numbers_in_range():
    assert read_scales("200,50,1") == [200, 50, 1]
    for wrong in ("", "0", "1,x", "1.5", "2001", ","):
        with pytest.raises(InputError, match="whole numbers from 1 to 2000"):
            read_scales(wrong)
