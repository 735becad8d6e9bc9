"""Tables of agents: rows keep their index for ever, new ones start at zero, one row reads like an agent."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.tables import Table

DTYPE = np.dtype([("uid", np.uint64), ("savings", np.float64), ("size", np.int16)], align=True)


@given(st.lists(st.integers(0, 40), max_size=30))
def test_a_growing_table_keeps_every_row_where_it_was(batches):
    table, expected = Table("household", DTYPE), 0
    for batch in batches:
        first = table.add(batch)
        assert first == expected
        assert (table.rows["savings"][first:] == 0).all()
        table.rows["savings"][first:] = np.arange(first, first + batch) + 0.5
        expected += batch
    assert len(table) == table.n == expected
    assert table.rows["savings"].tolist() == [i + 0.5 for i in range(expected)]


def test_capacity_avoids_moving_the_array():
    table = Table("household", DTYPE, capacity=100)
    table.add(1)
    before = table.rows
    table.add(99)
    assert np.shares_memory(before, table.rows)
    table.add(1)
    assert not np.shares_memory(before, table.rows)


def test_a_reused_row_starts_from_zero():
    table = Table("household", DTYPE, capacity=5)
    table.add(3)
    table.rows["savings"] = 9.0
    table.n = 1
    table.add(2)
    assert table.rows["savings"].tolist() == [9.0, 0.0, 0.0]


def test_one_household_reads_and_writes_like_an_agent():
    table = Table("household", DTYPE)
    table.add(3)
    household = table[1]
    household.savings = 2_500_000
    household.size = 4
    assert table.rows["savings"].tolist() == [0, 2_500_000, 0]
    assert household.as_dict() == {"uid": 0, "savings": 2_500_000.0, "size": 4}
    assert household.index == 1
    assert "household 1" in repr(household)
    assert table[-1].index == 2


def test_an_agent_follows_its_table_when_the_array_moves():
    table = Table("household", DTYPE)
    table.add(1)
    household = table[0]
    table.add(1000)
    household.savings = 7.0
    assert table.rows["savings"][0] == 7.0


@pytest.mark.parametrize("index", [3, -4, 10**9])
def test_an_agent_that_does_not_exist_is_an_index_error(index):
    table = Table("household", DTYPE)
    table.add(3)
    with pytest.raises(IndexError, match="rows run from 0 to 2"):
        table[index]


def numbered(count: int = 3) -> Table:
    table = Table("household", DTYPE)
    table.add(count)
    table.rows["uid"] = np.arange(count) + 7
    return table


def test_a_field_that_does_not_exist_is_an_error_that_names_the_nearest():
    home = numbered()[0]
    with pytest.raises(AttributeError, match=r"a household has no field 'wealth'$"):
        home.wealth = 1.0
    with pytest.raises(AttributeError, match="no field 'saving'; did you mean 'savings'"):
        _ = home.saving
    assert not hasattr(home, "wealth") and getattr(home, "wealth", 1) == 1
    assert {"savings", "size", "uid", "index", "as_dict"} <= set(dir(home))


def test_an_agent_is_the_same_however_often_it_is_looked_up():
    table, other = numbered(), numbered()
    assert table[0] == table[0] == table[-3] and table[0] != table[1] and table[0] != other[0] and table[0] != 7
    assert len({table[0], table[0], table[1], other[0]}) == 3 and table[1] in list(table)


def test_an_agent_is_copied_as_a_view_and_deeply_with_its_table():
    table = numbered()
    home = table[1]
    assert copy.copy(home) == home
    for twin in (copy.deepcopy(home), pickle.loads(pickle.dumps(home))):
        twin.savings = 5.0
        assert home.savings == 0.0 and (twin.index, twin.uid) == (1, 8) and twin != home
    again, twin = copy.deepcopy((table, home))
    assert again[1] == twin


@pytest.mark.parametrize("index", ["a", 1.5, None])
def test_a_row_is_asked_for_by_a_whole_number(index):
    assert numbered()[np.int64(1)].uid == 8
    with pytest.raises(TypeError, match=r"household .*: must be the number of a row, 0 to 2; a whole column is"):
        numbered()[index]


def test_the_frame_has_the_live_rows_and_every_field():
    table = Table("household", DTYPE, capacity=50)
    table.add(2)
    frame = table.frame()
    assert frame.shape == (2, 3)
    assert list(frame.columns) == ["uid", "savings", "size"]


def test_rows_added_after_the_agents_have_changed_places_start_from_zero():
    table = Table("household", DTYPE, capacity=5)
    table.add(4)
    table.rows["savings"] = 9.0
    data = table.seats()
    data["savings"] = 7.0
    table.reseat(data, 2, again=True)
    assert table.add(3) == 2
    assert table.rows["savings"].tolist() == [7.0, 7.0, 0.0, 0.0, 0.0]
    table.add(40)
    assert (table.rows["savings"][5:] == 0.0).all()


def test_a_copy_knows_which_rows_have_been_used():
    table = Table("household", DTYPE, capacity=5)
    table.add(4)
    table.rows["savings"] = 9.0
    table.n = 1
    twin = copy.deepcopy(table)
    twin.add(4)
    assert twin.rows["savings"].tolist() == [9.0, 0.0, 0.0, 0.0, 0.0]
