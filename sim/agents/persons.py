"""Persons: the columns. What happens to them is in demography, labour, community and migration."""

import numpy as np

# Labour states (CHILD: under 15 or a full-time student).
GONE, FORMAL, OWN, UNEMPLOYED, INACTIVE, CHILD = range(6)
STATES = ("gone", "formal employee", "own-account", "unemployed", "inactive", "child or student")
MALE, FEMALE = 0, 1
NOBODY = -1

PERSON = np.dtype(
    [
        ("uid", np.uint64),  # permanent id: the address of this person's luck
        ("pay", np.float64),  # formal: monthly wage; own-account: last month's net income, Rp (whole)
        ("home", np.int32),  # household row
        ("next", np.int32),  # next member of the household, NOBODY at the end
        ("employer", np.int32),  # business row, NOBODY if none
        ("born", np.int16),  # month of birth (start month = 0; negative before)
        ("since", np.int16),  # month the present labour state or job began
        ("certified", np.int16),  # month of the last certified training, NEVER if none
        ("state", np.int8),
        ("sex", np.int8),
        ("schooling", np.int8),  # completed years, 0-18
        ("enrolled", np.int8),  # at school or university
        ("sector", np.int8),  # 0-7, of the job or own business, NOBODY if none
        ("workplace", np.int8),  # district 0-29 or outer zone 30-33 of the job, NOBODY if none
        ("skill", np.float32),  # efficiency units, city mean 1
        ("talent", np.float32),  # lasting luck in pay or trade, mean 1
        ("power", np.float32),  # formal: efficiency units brought to the job; own-account: gain from granted capital
        ("custom", np.float32),  # own-account: selling power relative to a mean stall
        ("practice", np.float32),  # own-account: management practice, SD
        ("technology", np.float32),  # own-account: digital adoption, 0-1
        ("human", np.float32),  # children: human-capital index, SD
        ("health", np.float32),  # functional health, 0-1
    ],
    align=True,
)
NEVER = -32000
