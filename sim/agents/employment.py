"""Taking and leaving a job: the worker's row and the employer's head-count, wage bill and skills move together."""

from sim.agents.persons import FORMAL, INACTIVE, NOBODY
from sim.compiled import part


@part
def take_job(person, business, row, month, pay, power):
    """`person` starts work at `business` (its row) for `pay` Rp/month, adding `power` efficiency units."""
    person.state = FORMAL
    person.employer = row
    person.sector = business.sector
    person.workplace = business.district
    person.since = month
    person.pay = pay
    business.workers += 1
    business.wage_bill += pay
    person.power = power
    business.skills += person.power


@part
def leave_job(person, business):
    """`person` leaves `business`; the caller sets the new labour state and its date."""
    business.workers -= 1
    business.wage_bill -= person.pay
    business.skills = max(business.skills - person.power, 0.0) if business.workers > 0 else 0.0
    person.state = INACTIVE
    person.employer = NOBODY
    person.sector = NOBODY
    person.workplace = NOBODY
    person.pay = 0.0
