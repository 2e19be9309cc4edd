"""Rides by hour and district: read from a folder with one file for each day, or made up."""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import compress
from pathlib import Path

import numpy as np

#: Columns of a day's file; its name is the day, such as 2026-05-01.csv.
COLUMNS = ("hour", "district", "temperature", "rain", "rides")

#: Districts of the made-up city.
DISTRICTS = ("center", "harbor", "north", "south", "university", "west")


class RidesError(ValueError):
    """There are no rides that could be used."""


@dataclass(frozen=True)
class Hour:
    """What is known before an hour begins."""

    day: date
    hour: int
    district: str
    #: In degrees Celsius.
    temperature: float
    #: In millimetres.
    rain: float


@dataclass(frozen=True)
class Rides:
    """Hours, and how many rides began in each."""

    hours: list[Hour] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    #: SHA-256 of each file that was read, by its name.
    files: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.hours)

    @property
    def days(self) -> list[date]:
        """The days with rides, newest first."""
        return sorted({hour.day for hour in self.hours}, reverse=True)

    def of_district(self, district: str) -> Rides:
        """The rides of one district."""
        return self._where([hour.district == district for hour in self.hours])

    def split(self, newest_days: int) -> tuple[Rides, Rides]:
        """Older days and the newest ones."""
        newest = set(self.days[:newest_days])
        is_new = [hour.day in newest for hour in self.hours]
        return self._where([not each for each in is_new]), self._where(is_new)

    def _where(self, chosen: Sequence[bool]) -> Rides:
        return Rides(list(compress(self.hours, chosen)), list(compress(self.counts, chosen)), self.files)


def newest_rides(folder: Path, days: int) -> Rides:
    """Reads the newest days of a folder, newest first. Raises RidesError where there are none or a file is broken."""
    paths = sorted((path for path in folder.glob("*.csv") if _day_of(path) is not None), reverse=True)[:days]
    if not paths:
        raise RidesError(f"{folder} has no file that is named after a day, such as 2026-05-01.csv")
    rides = Rides()
    for path in paths:
        _read_day(path, rides)
    return rides


def made_up_rides(until: date, days: int, districts: Iterable[str] = DISTRICTS, level: float = 1.0) -> Rides:
    """Rides of the newest days of a made-up city, the same on every call. `level` scales the demand."""
    newest_first = [until - timedelta(days=back) for back in range(days)]
    pairs = [pair for day in newest_first for district in districts for pair in _made_up_day(day, district, level)]
    return Rides([hour for hour, _ in pairs], [count for _, count in pairs])


def write_days(folder: Path, rides: Rides) -> None:
    """Writes a file for each day; its name is there only once it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: dict[date, list[list[object]]] = {}
    for hour, count in zip(rides.hours, rides.counts, strict=True):
        lines.setdefault(hour.day, []).append([hour.hour, hour.district, hour.temperature, hour.rain, count])
    for day, of_day in lines.items():
        partial = folder / f".{day.isoformat()}.partial"
        with partial.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([list(COLUMNS), *of_day])
        partial.replace(folder / f"{day.isoformat()}.csv")


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem)
    except ValueError:
        return None


def _read_day(path: Path, rides: Rides) -> None:
    content = path.read_bytes()
    rides.files[path.name] = hashlib.sha256(content).hexdigest()
    reader = csv.DictReader(content.decode().splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise RidesError(f"{path} has columns {reader.fieldnames}: it needs {list(COLUMNS)}")
    day = date.fromisoformat(path.stem)
    for row in reader:
        try:
            hour = Hour(day, int(row["hour"]), row["district"], float(row["temperature"]), float(row["rain"]))
            rides.counts.append(int(row["rides"]))
            rides.hours.append(hour)
        except (TypeError, ValueError) as error:
            raise RidesError(f"{path} has a broken line {reader.line_num}: {error}") from error


def _made_up_day(day: date, district: str, level: float) -> list[tuple[Hour, int]]:
    seed = hashlib.sha256(f"{day.isoformat()} {district}".encode()).digest()
    random = np.random.default_rng(list(seed))
    size = 12 + int.from_bytes(hashlib.sha256(district.encode()).digest()[:2], "big") % 40
    warmest = 14 - 10 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 20) / 365) + random.normal(0, 2)
    is_wet = random.random() < 0.3
    rides = []
    for hour in range(24):
        temperature = round(warmest - 5 * abs(hour - 15) / 15 + random.normal(0, 0.5), 1)
        rain = round(float(random.exponential(1.5)), 1) if is_wet and random.random() < 0.5 else 0.0
        peaks = math.exp(-(((hour - 8) / 2) ** 2)) + 1.2 * math.exp(-(((hour - 17.5) / 2.5) ** 2))
        is_weekend = day.weekday() >= 5
        pattern = 0.15 + (math.exp(-(((hour - 15) / 5) ** 2)) if is_weekend else peaks)
        weather = math.exp(-0.4 * rain) * (0.4 + 0.6 / (1 + math.exp(-(temperature - 8) / 4)))
        count = int(random.poisson(level * size * pattern * weather))
        rides.append((Hour(day, hour, district, temperature, rain), count))
    return rides


def main() -> int:
    """Writes files of made-up rides."""
    parser = argparse.ArgumentParser(description="Writes a file of made-up rides for each day.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--until", type=date.fromisoformat, default=date.today(), help="newest day")
    parser.add_argument("--days", type=int, default=56)
    parser.add_argument("--districts", nargs="+", default=DISTRICTS)
    parser.add_argument("--level", type=float, default=1.0, help="scales the demand")
    options = parser.parse_args()
    rides = made_up_rides(options.until, options.days, options.districts, options.level)
    write_days(options.folder, rides)
    print(f"wrote {len(rides)} hours of {options.days} days")
    return 0


if __name__ == "__main__":
    sys.exit(main())
