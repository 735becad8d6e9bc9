"""Who belongs together: couples, heads, heirs, ties and whom one may meet or marry, with plain numbers."""

import numpy as np
import pytest

from sim.agents.families import add_member, are_couple, has_partner, heir, oldest_first, remove_member, share_out
from sim.agents.households import HOUSEHOLD
from sim.agents.neighbourhood import one_tie
from sim.agents.persons import FEMALE, FORMAL, GONE, MALE, NOBODY, OWN, PERSON, UNEMPLOYED
from sim.agents.ties import FREE, Neighbours, free_ties, meet, someone, tie, tied
from sim.markets.arrivals import newcomer, partner_of, someone_like
from sim.markets.demography import JOINS_KIN, LEAVES_HOME, may_go
from sim.markets.formation import births_of_matches, find_partner, is_match, may_leave, misfit
from sim.markets.vital import places_in_list
from sim.markets.vital_rates import arrival_ages
from sim.parameters import default_parameters

COMMUNITY = default_parameters().community


def people(*families):
    """Rows of persons and households; a family is a list of (sex, age in years), its head first. The month is 0."""
    persons = np.zeros(sum(map(len, families)), PERSON)
    homes = np.zeros(len(families), HOUSEHOLD)
    homes["alive"], homes["first"] = 1, NOBODY
    row = 0
    for home, family in enumerate(families):
        for sex, age in family:
            persons[row]["sex"], persons[row]["born"], persons[row]["state"] = sex, -12 * age, 4
            add_member(persons, homes, row, home, 0)
            row += 1
    return persons, homes


def members(persons, home):
    found, i = [], home["first"]
    while i != NOBODY:
        found.append(int(i))
        i = persons[i]["next"]
    return found


COUPLE = [(MALE, 40), (FEMALE, 36), (MALE, 20), (FEMALE, 10)]


@pytest.mark.parametrize(
    ("head", "second", "couple"),
    [
        ((MALE, 40), (FEMALE, 36), True),
        ((FEMALE, 36), (MALE, 40), True),
        ((MALE, 40), (MALE, 36), False),
        ((FEMALE, 40), (MALE, 25), True),  # fifteen years apart
        ((FEMALE, 40), (MALE, 24), False),  # sixteen: mother and son
    ],
)
def test_a_couple_is_of_two_sexes_and_less_than_sixteen_years_apart(head, second, couple):
    persons, _ = people([head, second])
    assert are_couple(persons[0], persons[1]) == couple


def test_employees_and_those_on_their_own_account_are_earners_of_the_household_they_join():
    persons, homes = people([(MALE, 40)])
    assert homes["earners"][0] == 0
    for state, earners in ((FORMAL, 1), (OWN, 2), (UNEMPLOYED, 2)):
        persons["state"] = state
        homes["size"] = 0
        add_member(persons, homes, 0, 0, 0)
        assert homes["earners"][0] == earners


def test_only_the_two_who_head_a_household_have_a_partner():
    persons, homes = people(COUPLE, [(FEMALE, 30)])
    assert [has_partner(persons, homes[0], i) for i in range(4)] == [True, True, False, False]
    assert not has_partner(persons, homes[1], 4)


def test_members_are_listed_in_order_and_children_counted():
    persons, homes = people(COUPLE)
    assert members(persons, homes[0]) == [0, 1, 2, 3]
    assert (homes[0]["size"], homes[0]["children"]) == (4, 1)


def test_the_partner_follows_the_head_and_the_oldest_follows_a_lone_head():
    persons, homes = people(COUPLE, [(FEMALE, 50), (MALE, 20), (FEMALE, 28)])
    remove_member(persons, homes, 0, 0)
    assert members(persons, homes[0]) == [1, 2, 3]
    remove_member(persons, homes, 4, 0)
    assert members(persons, homes[1]) == [6, 5] and homes[1]["size"] == 2


def test_the_oldest_comes_first_and_the_others_keep_their_order():
    persons, homes = people([(MALE, 20), (FEMALE, 30), (MALE, 70), (FEMALE, 10)])
    oldest_first(persons, homes[0])
    assert members(persons, homes[0]) == [2, 0, 1, 3]
    oldest_first(persons, homes[0])
    assert members(persons, homes[0]) == [2, 0, 1, 3]


def test_who_leaves_with_a_quarter_takes_a_quarter_in_whole_rupiah():
    homes = np.zeros(2, HOUSEHOLD)
    homes["savings"], homes["formal_debt"], homes["assets"] = [1001, 0], [400, 100], [800, 200]
    homes["damage"] = [0.5, 0.0]
    share_out(homes[0], homes[1], 0.25)
    assert homes["savings"].tolist() == [751, 250]
    assert homes["formal_debt"].tolist() == [300, 200]
    assert homes["assets"].tolist() == [600, 400]
    assert homes["damage"].tolist() == [0.5, 0.25]  # 200 of damaged and 200 of whole things


def test_the_heir_is_the_first_tied_household_that_lives():
    _, homes = people([(MALE, 40)], [(MALE, 40)], [(MALE, 40)], [(MALE, 40)])
    ties = free_ties(4)
    assert heir(homes, ties, 0) == -1
    tie(ties, 0, 2), tie(ties, 0, 3)
    assert heir(homes, ties, 0) == 2
    homes["alive"][2] = 0
    assert heir(homes, ties, 0) == 3


def test_a_tie_is_seen_from_both_sides():
    ties = free_ties(3)
    tie(ties, 0, 2)
    assert tied(ties, 0, 2) and tied(ties, 2, 0)
    assert not tied(ties, 0, 1) and not tied(ties, 1, 2)


def test_each_tie_is_as_likely_to_be_picked():
    ties = free_ties(5)
    assert one_tie(ties, 0, 0.5) == FREE
    for other in (1, 2, 3, 4):
        tie(ties, 0, other)
    picked = [one_tie(ties, 0, k * 0.6180339887498949 % 1.0) for k in range(20_000)]  # spread evenly over (0, 1)
    assert np.bincount(picked, minlength=5)[1:] / 20_000 == pytest.approx(0.25, abs=0.005)


def test_someone_is_a_place_from_the_low_to_the_one_before_the_high():
    assert [someone(3, 7, u) for u in (0.0, 0.24, 0.26, 0.5, 0.999)] == [3, 3, 4, 5, 6]


def test_whom_a_household_meets_is_a_neighbour_anybody_or_someone_of_the_districts_around():
    """Two kelurahan in two districts that border each other: households 0-1 and 2-3."""
    _, homes = people(*[[(MALE, 40)]] * 4)
    homes["kelurahan"] = homes["district"] = [0, 0, 1, 1]
    around = Neighbours(
        np.arange(4, dtype=np.int32), np.array([0, 2, 4]), np.array([0, 1, 2]), np.array([[0, 1, -1], [1, 0, -1]])
    )
    p = COMMUNITY._replace(ties_neighbours=0.5, ties_anywhere=0.3, ties_closure=0.0)
    ties = free_ties(4)

    def met(u1, u2, u3):
        return meet(ties, 0, 0, 0, homes, around, p, u1, u2, u3)

    assert [met(0.4, 0.9, 0.1), met(0.4, 0.9, 0.9)] == [0, 1]
    assert [met(0.7, u, 0.5) for u in (0.1, 0.3, 0.6, 0.9)] == [0, 1, 2, 3]
    assert [met(0.9, 0.1, 0.9), met(0.9, 0.9, 0.1)] == [1, 2]
    tie(ties, 0, 2), tie(ties, 2, 1)
    closing = p._replace(ties_closure=1.0)
    assert meet(ties, 0, 0, 0, homes, around, closing, 0.1, 0.0, 0.9) == 1  # the acquaintance of an acquaintance


def test_grown_children_and_those_who_live_alone_may_leave():
    persons, homes = people(COUPLE, [(FEMALE, 30)], [(FEMALE, 60), (MALE, 25)])
    assert [may_leave(persons, homes[0], i) for i in range(4)] == [False, False, True, True]
    assert may_leave(persons, homes[1], 4)
    assert [may_leave(persons, homes[2], i) for i in (5, 6)] == [False, True]


def test_a_household_lets_grown_children_go_and_only_who_is_alone_joins_kin():
    persons, homes = people([*COUPLE, (MALE, 25)], [(FEMALE, 70)])
    assert [may_go(LEAVES_HOME, persons, homes[0], i) for i in (0, 2)] == [False, True]
    assert not may_go(JOINS_KIN, persons, homes[0], 0) and may_go(JOINS_KIN, persons, homes[1], 3)


@pytest.mark.parametrize(
    ("his", "hers", "fits"),
    [(25, 25, True), (25, 28, True), (25, 29, False), (28, 19, True), (29, 19, False), (18, 17, False)],
)
def test_a_husband_is_from_three_years_younger_to_nine_years_older(his, hers, fits):
    persons, homes = people([(MALE, his)], [(FEMALE, hers)])
    assert is_match(persons[0], persons[1], homes[1], 1, persons, 0) == fits
    if hers >= 18 and his >= 18:
        assert is_match(persons[1], persons[0], homes[0], 0, persons, 0) == fits


def test_students_the_married_the_gone_and_ones_own_are_no_match():
    persons, homes = people([(MALE, 25), (FEMALE, 24)], [(MALE, 26)], [(FEMALE, 24)])
    single, her = 2, 3
    assert is_match(persons[single], persons[her], homes[2], her, persons, 0)
    assert not is_match(persons[single], persons[1], homes[0], 1, persons, 0)
    assert not is_match(persons[0], persons[1], homes[0], 1, persons, 0)
    for field, value in (("enrolled", 1), ("state", GONE)):
        kept = persons[field][her]
        persons[field][her] = value
        assert not is_match(persons[single], persons[her], homes[2], her, persons, 0)
        persons[field][her] = kept


def listed(persons):
    """Everybody, as `Vital.listed` names them: all of the first kecamatan."""
    return np.arange(len(persons)), persons["born"], persons["sex"], np.array([0, len(persons)])


def test_a_misfit_is_counted_in_months_and_the_other_sex_never_fits():
    assert [misfit(FEMALE, born, FEMALE, -300, -250) for born in (-310, -300, -250, -249)] == [10, 0, 0, 1]
    assert misfit(MALE, -275, FEMALE, -300, -250) > 1000 < misfit(FEMALE, -275, MALE, -300, -250)


def test_matches_are_born_three_years_before_to_nine_years_after_him_and_are_grown():
    """He is 25 years old (born in month -300), she 30: his wife is 18 to 28, her husband 27 to 39."""
    persons, _ = people([(MALE, 25)], [(FEMALE, 30)], [(MALE, 40)])
    assert births_of_matches(persons[0], 0) == (-336, -216)
    assert births_of_matches(persons[1], 0) == (-468, -324)
    assert births_of_matches(persons[2], 0) == (-516, -372)


def test_the_search_for_a_partner_takes_the_first_match_from_a_random_place_on():
    persons, homes = people([(MALE, 25)], [(FEMALE, 24)], [(FEMALE, 60)], [(FEMALE, 23)])
    assert find_partner(persons, homes, 0, listed(persons), 0, 0.0) == 1
    assert find_partner(persons, homes, 0, listed(persons), 0, 0.5) == 3  # from row 2 on
    assert find_partner(persons, homes, 2, listed(persons), 0, 0.5) == -1


def test_the_search_for_a_partner_begins_in_the_own_kecamatan():
    """Women in rows 1 (the first kecamatan) and 3 (the second, from row 2 on): each man meets her of his own first."""
    persons, homes = people([(MALE, 25)], [(FEMALE, 24)], [(MALE, 25)], [(FEMALE, 24)])
    homes["district"] = (0, 0, 1, 1)
    begin = (*listed(persons)[:3], np.array([0, 2, 4]))
    assert [find_partner(persons, homes, 0, begin, 0, u) for u in (0.0, 0.6)] == [1, 1]
    assert [find_partner(persons, homes, 2, begin, 0, u) for u in (0.0, 0.6)] == [3, 3]


def test_each_kecamatan_has_its_share_of_the_list():
    """Six rows, of which the last is of somebody gone: two and three residents of the first two kecamatan."""
    persons, homes = people([(MALE, 25), (FEMALE, 24)], [(MALE, 25)], [(MALE, 60), (FEMALE, 61)], [(MALE, 99)])
    homes["district"] = (0, 1, 1, 0)
    persons["state"][5] = GONE
    assert places_in_list(persons, homes)[:4].tolist() == [0, 2, 6, 6]


def test_the_search_for_a_partner_passes_by_wives_and_pupils_and_goes_on_from_the_first_of_the_list():
    persons, homes = people([(MALE, 25)], [(MALE, 26), (FEMALE, 24)], [(FEMALE, 23)], [(FEMALE, 24)])
    assert find_partner(persons, homes, 0, listed(persons), 0, 0.3) == 3
    persons["enrolled"][3] = 1
    assert find_partner(persons, homes, 0, listed(persons), 0, 0.3) == 4
    persons["state"][4], persons["enrolled"][3] = GONE, 0
    assert find_partner(persons, homes, 0, listed(persons), 0, 0.9) == 3  # round the end


def test_an_arrival_resembles_a_resident_of_that_sex_and_age_or_else_anybody_alive():
    persons, _ = people([(MALE, 25), (FEMALE, 24), (FEMALE, 50), (FEMALE, 22)])
    assert someone_like(persons, listed(persons), FEMALE, 24 * 12, False, 0, 0.0) == 1
    persons["enrolled"][1] = 1
    assert someone_like(persons, listed(persons), FEMALE, 24 * 12, False, 0, 0.0) == 3
    assert someone_like(persons, listed(persons), FEMALE, 24 * 12, True, 0, 0.0) == 1
    persons["state"][0] = GONE
    assert someone_like(persons, listed(persons), MALE, 24 * 12, False, 0, 0.0) == 1


def test_an_arrival_is_a_person_of_working_age_and_its_partner_three_years_apart():
    """Couples and students as often as the parameters say; nobody under 20 comes with a partner."""
    p = default_parameters().migration
    came = [newcomer(n, arrival_ages(p).cumsum(), p, 1, 0) for n in range(2000)]
    assert len({uid for uid, *_ in came}) == 2000
    assert {sex for _, _, sex, *_ in came} == {MALE, FEMALE}
    years = np.array([age // 12 for _, age, *_ in came])
    assert years.min() >= 17 and years.max() < 60
    assert np.mean([sex == MALE for _, _, sex, *_ in came]) == pytest.approx(0.5, abs=0.04)
    assert years.mean() == pytest.approx(np.average(np.arange(17, 60), weights=arrival_ages(p)), abs=0.8)
    assert np.bincount([age % 12 for _, age, *_ in came], minlength=12).min() > 110  # any month of the year: 167 each
    couples, students = (np.array([row[k] for row in came]) for k in (3, 4))
    assert not couples[years < 20].any() and couples[years >= 20].mean() == pytest.approx(p.couples, abs=0.05)
    assert not students[couples].any() and set(years[students]) <= {18, 19, 20, 21}
    assert partner_of(300, MALE) == (264, FEMALE) and partner_of(264, FEMALE) == (300, MALE)
