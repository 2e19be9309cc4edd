"""Generates the raw tables of a telephone company, the same for the same seed, in place of a company's own sources."""

import argparse
import csv
import math
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

REGIONS = ["north", "east", "south", "west"]
PLANS = {"basic": 90.0, "standard": 180.0, "premium": 320.0}
"""Name of each plan and the minutes that its customers phone in a usual week."""

WEEKS_BEFORE = 10
WEEKS_AFTER = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2000, help="number of customers")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 1, 1), help="day around which usage is")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True, help="folder of the three tables")
    args = parser.parse_args()

    random.seed(args.seed)
    customers, usage, cancellations = [], [], []
    for number in range(args.customers):
        customer = f"c{number:06d}"
        plan = random.choice(list(PLANS))
        tenure = int(random.expovariate(1 / 500)) - 20
        age = random.randint(18, 90) if random.random() < 0.9 else None
        trend = random.gauss(0, 0.5)
        calls = random.choices([0, 1, 2, 4], weights=[60, 25, 10, 5])[0]
        signed_up = args.as_of - timedelta(days=tenure)
        customers.append([customer, random.choice(REGIONS), plan, signed_up, age])

        risk = -2.2 - 2.0 * trend + 0.8 * calls - 0.001 * tenure + (0.8 if plan == "basic" else 0)
        day = None
        if random.random() < 1 / (1 + math.exp(-risk)):
            # Some have left before the day of the prediction, some leave only later than it looks ahead.
            day = args.as_of + timedelta(days=random.choice([-30, 1, 10, 20, 29, 45]))
            cancellations.append([customer, day])
        for week in range(-WEEKS_BEFORE, WEEKS_AFTER):
            monday = args.as_of + timedelta(weeks=week)
            if monday < signed_up or (day is not None and monday >= day):
                continue
            level = PLANS[plan] * math.exp(trend * week / WEEKS_BEFORE)
            minutes = max(0.0, random.gauss(level, level / 5))
            usage.append([customer, monday, round(minutes, 1), calls if week == -1 else 0])

    args.output.mkdir(parents=True, exist_ok=True)
    write(args.output / "customers.csv", ["customer", "region", "plan", "signed_up", "age"], customers)
    write(args.output / "usage.csv", ["customer", "week", "minutes", "support_calls"], usage)
    write(args.output / "cancellations.csv", ["customer", "cancelled_on"], cancellations)


def write(path: Path, header: list[str], rows: Iterable[list[object]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
