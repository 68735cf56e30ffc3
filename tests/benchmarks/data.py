"""Events to measure on: seeded, of any size, in the product's store and for the peers.

Users are many and uneven (lognormal numbers of sessions), days and hours have a rhythm, event names follow
a power law, some properties are absent, and a few events in a hundred share their time with the one before.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.settings import DEFAULTS
from pytest_mixpanel.engine.store import disk

Array = NDArray[Any]

FIRST = date(2026, 1, 5)
DAYS = 90
LAST = FIRST + timedelta(days=DAYS - 1)
START = round(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC).timestamp() * 1000)
DAY = 86_400_000
NOW = datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC) + timedelta(days=1, milliseconds=-1)

EVENTS = (
    *("Page View", "App Open", "View Item", "Search", "Add to Cart", "Checkout", "Notification", "Purchase"),
    *(f"Event {number:02d}" for number in range(8, 20)),
    "Refund",
    *(f"Event {number:02d}" for number in range(21, 50)),
)
PLATFORMS = ("iOS", "Android", "Web", "Desktop", "TV")
COUNTRIES = tuple(f"Country {number:02d}" for number in range(50))
PLANS = ("free", "pro", "team")
ITEMS = tuple(f"{kind} {number}" for number in range(400) for kind in ("shoe", "hat", "coat", "bag", "ring"))
TEXTS = {"platform": PLATFORMS, "country": COUNTRIES, "plan": PLANS, "item": ITEMS}
WITH_ITEM = [EVENTS.index(name) for name in ("View Item", "Add to Cart", "Purchase")]
PURCHASE = EVENTS.index("Purchase")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Events of some users by user and time; texts are codes, −1 where absent."""

    user: Array
    time: Array
    event: Array
    platform: Array
    country: Array
    plan: Array
    item: Array
    amount: Array


def chunks(events: int, seed: int = 7) -> Iterator[Chunk]:
    """Chunks that make up ``events`` events, each of whole users but for the very last."""
    size = min(20_000, max(500, events // 400))
    made = users = number = 0
    while made < events:
        chunk = _chunk(np.random.default_rng([seed, number]), size, users)
        kept = min(len(chunk.time), events - made)
        yield Chunk(*(getattr(chunk, name)[:kept] for name in Chunk.__slots__))
        made, users, number = made + kept, users + size, number + 1


def _chunk(random: np.random.Generator, users: int, first_user: int) -> Chunk:
    user, time, opens = _visits(random, users)
    n = len(time)
    weights = 1 / (np.arange(len(EVENTS)) + 1.5) ** 1.1
    event = np.searchsorted(np.cumsum(weights / weights.sum()), random.random(n)).clip(0, 49).astype(np.uint8)
    event[opens & (random.random(n) < 0.9)] = EVENTS.index("App Open")
    usual = random.integers(0, len(PLATFORMS), users)
    platform = np.where(random.random(n) < 0.85, usual[user], random.integers(0, len(PLATFORMS), n))
    home = _zipf(random, len(COUNTRIES), users)
    country = np.where(random.random(n) < 0.97, home[user], random.integers(0, len(COUNTRIES), n))
    amount = np.full(n, np.nan)
    bought = np.flatnonzero((event == PURCHASE) & (random.random(n) >= 0.04))
    amount[bought] = np.round(random.lognormal(3.2, 0.9, len(bought)), 2)
    return Chunk(
        user=(user + first_user).astype(np.uint32),
        time=time,
        event=event,
        platform=np.where(random.random(n) < 0.03, -1, platform).astype(np.int8),
        country=np.where(random.random(n) < 0.02, -1, country).astype(np.int8),
        plan=random.choice(3, users, p=[0.8, 0.15, 0.05])[user].astype(np.int8),
        item=np.where(np.isin(event, WITH_ITEM), _zipf(random, len(ITEMS), n), -1).astype(np.int16),
        amount=amount,
    )


def _visits(random: np.random.Generator, users: int) -> tuple[Array, Array, Array]:
    """Owner and time of every event in order, and which ones begin a visit."""
    visits = np.maximum(1, random.poisson(np.minimum(random.lognormal(1.54, 1.4, users), 3_000)))
    joined = np.where(random.random(users) < 0.6, random.integers(0, DAYS, users), 0)
    owner = np.repeat(np.arange(users), visits)
    days = np.array([(1, 1.05, 1.05, 1, 0.95, 0.7, 0.65)[day % 7] for day in range(DAYS)]).cumsum()
    shares = np.concatenate([[0], days / days[-1]])
    low = shares[joined[owner]]
    day = np.searchsorted(shares, low + (1 - low) * random.random(len(owner)), side="right") - 1
    hour = np.clip(random.normal(15, 4.5, len(owner)), 0, 23.9)
    begins = day.clip(0, DAYS - 1) * DAY + (hour * 3_600_000).astype(np.int64)
    length = random.geometric(1 / 8, len(owner))
    first = np.cumsum(length) - length
    gaps = random.exponential(45_000, int(length.sum())).astype(np.int64)
    gaps[random.random(len(gaps)) < 0.03] = 0
    gaps[first] = 0
    run = np.cumsum(gaps)
    time = run - np.repeat(run[first], length) + np.repeat(begins, length)
    time = np.minimum(time, DAYS * DAY - 1 - random.integers(0, 60_000, len(time))) + START
    user = np.repeat(owner, length)
    opens = np.zeros(len(time), bool)
    opens[first] = True
    order = np.lexsort((time, user))
    return user[order], time[order], opens[order]


def _zipf(random: np.random.Generator, kinds: int, n: int) -> Array:
    shares = np.cumsum(1 / (np.arange(kinds) + 1.0))
    return np.searchsorted(shares / shares[-1], random.random(n)).clip(0, kinds - 1)


def make_store(folder: Path, events: int) -> Path:
    """The product's store of so many events, built once; the folder's name tells the size."""
    path = folder / f"store-{events}"
    if disk.is_store(path):
        return path
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    types = {"time": np.int64, "event": np.uint8, "amount": np.float64, "item": np.int16}
    names = ("time", "event", "platform", "country", "plan", "item", "amount")
    files = {
        name: np.lib.format.open_memmap(
            path / _file(name), mode="w+", dtype=types.get(name, np.int8), shape=(events,)
        )
        for name in names
    }
    at, counts = 0, []
    for chunk in chunks(events):
        for name, file in files.items():
            file[at : at + len(chunk.time)] = getattr(chunk, name)
        at += len(chunk.time)
        counts.append(np.unique(chunk.user, return_counts=True)[1])
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    np.save(path / "offsets.npy", offsets)
    (path / "users.json").write_text(json.dumps([f"user {number}" for number in range(len(offsets) - 1)]))
    for name, values in TEXTS.items():
        (path / f"{_file(name)[:-4]}.json").write_text(json.dumps(values))
    kinds = [(name, "coded") for name in TEXTS] + [("amount", "numbers")]
    columns = [{"name": name, "file": _file(name)[:-4], "kind": kind} for name, kind in kinds]
    manifest = {"format": disk.FORMAT, "time_zone": "UTC", "fingerprint": f"benchmark {events}", "facts": {}}
    manifest |= {"event_names": EVENTS, "columns": columns, "profiles": [], "groups": {}, "lexicon": []}
    (path / disk.MANIFEST).write_text(json.dumps({**manifest, "settings": DEFAULTS.to_json()}))
    return path


def _file(name: str) -> str:
    return f"{name}.npy" if name in ("time", "event") else f"event-{name}.npy"


def make_parquet(folder: Path, events: int) -> Path:
    """The same events for the peers: texts as texts, ``seq`` the place of each event."""
    path = folder / f"events-{events}.parquet"
    if path.exists():
        return path
    import pyarrow as pa
    import pyarrow.parquet as pq

    draft = path.with_suffix(".part")
    writer, at = None, 0
    for chunk in chunks(events):
        columns: dict[str, Any] = {
            "uid": chunk.user,
            "seq": np.arange(at, at + len(chunk.time), dtype=np.uint32),
            "ts": chunk.time,
            "event": pa.DictionaryArray.from_arrays(pa.array(chunk.event.astype(np.int8)), EVENTS),
            "amount": pa.array(chunk.amount, mask=np.isnan(chunk.amount)),
        }
        for name, values in TEXTS.items():
            codes = getattr(chunk, name)
            columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), values)
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(draft, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
        at += len(chunk.time)
    assert writer is not None
    writer.close()
    draft.rename(path)
    return path
