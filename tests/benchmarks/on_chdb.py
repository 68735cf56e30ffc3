"""The questions in ClickHouse's SQL (chDB), in the forms that were best: arrays per user, windowFunnel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.data import DAY, DAYS, START, make_parquet
from tests.benchmarks.questions import FIVE, THREE, Rows

WINDOW, GRACE = 14 * DAY, 2_000
FIRST_DAY = START // DAY
SETTINGS = " SETTINGS max_threads = 2, max_memory_usage = 13000000000"
TABLE = """CREATE TABLE b.e (uid UInt32, seq UInt32, ts Int64, event LowCardinality(String),
    platform LowCardinality(Nullable(String)), country LowCardinality(Nullable(String)),
    plan LowCardinality(String), item LowCardinality(Nullable(String)), amount Nullable(Float64))
    ENGINE = MergeTree ORDER BY (uid, ts, seq)"""


def open_engine(folder: Path, events: int) -> dict[str, list[Callable[[], Rows]]]:
    from chdb import session

    path = folder / f"chdb-{events}"
    if not (path / "built").exists():
        source = make_parquet(folder, events)
        shutil.rmtree(path, ignore_errors=True)
        building = session.Session(str(path))
        building.query("CREATE DATABASE b ENGINE = Atomic")
        building.query(TABLE)
        building.query(
            f"""INSERT INTO b.e SELECT uid, seq, ts, event, platform, country, plan, item, amount
            FROM file('{source}', Parquet) SETTINGS max_threads = 2"""
        )
        building.query("OPTIMIZE TABLE b.e FINAL")
        (path / "built").touch()
        building.close()
    database = session.Session(str(path))

    def asked(query: str) -> Callable[[], Rows]:
        def rows() -> Rows:
            told = database.query(query + SETTINGS, "JSONCompactEachRow").bytes().decode()
            return [tuple(map(_number, json.loads(line))) for line in told.splitlines() if line]

        return rows

    return {name: [asked(query) for query in queries] for name, queries in forms().items()}


def _number(value: object) -> object:
    """Large integers come quoted."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


def named(event: str) -> str:
    return f"event = '{event}'"


def levels(steps: int, inner: str) -> str:
    return (
        f"SELECT arrayJoin([{', '.join(f'countIf(t{k} > 0)' for k in range(1, steps + 1))}]) FROM ({inner})"
    )


def first_entry(steps: Sequence[str]) -> str:
    """Sorted arrays per user, then greedily the first event of the next step."""
    lists = ", ".join(
        f"arraySort(groupArrayIf(ts, {step})) AS l{k}" for k, step in enumerate(steps[1:], start=2)
    )
    inner = f"""SELECT minIf(ts, {steps[0]}) AS t1, {lists} FROM b.e
        WHERE {" OR ".join(f"({step})" for step in steps)} GROUP BY uid HAVING t1 > 0"""
    chain = ", ".join(
        f"if(t{k - 1} > 0, arrayFirst(x -> x >= t{k - 1} - {GRACE} AND x <= t1 + {WINDOW}, l{k}), 0) AS t{k}"
        for k in range(2, len(steps) + 1)
    )
    return levels(len(steps), f"SELECT t1, {chain} FROM ({inner})")


def excluding(steps: Sequence[str], excluded: str) -> str:
    lists = ", ".join(
        f"arraySort(groupArrayIf(ts, {named(step)})) AS l{k}" for k, step in enumerate(steps[1:], start=2)
    )
    names = ", ".join(f"'{step}'" for step in (*steps, excluded))
    inner = f"""SELECT minIf(ts, {named(steps[0])}) AS t1, {lists},
        arraySort(groupArrayIf(ts, {named(excluded)})) AS lx FROM b.e
        WHERE event IN ({names}) GROUP BY uid HAVING t1 > 0"""
    chain = ""
    for k in range(2, len(steps) + 1):
        chain += f""", if(t{k - 1} > 0,
                arrayFirst(x -> x >= t{k - 1} - {GRACE} AND x <= t1 + {WINDOW}, l{k}), 0)
            AS f{k},
            arrayFirst(x -> x > t{k - 1} + {GRACE}, lx) AS x{k},
            if(f{k} > 0 AND (x{k} = 0 OR x{k} >= f{k} - {GRACE}), f{k}, 0) AS t{k}"""
    return levels(len(steps), f"SELECT t1{chain} FROM ({inner})")


def holding(steps: Sequence[str]) -> str:
    lists = ", ".join(
        f"arraySort(groupArrayIf((ts, p), {named(step)})) AS l{k}"
        for k, step in enumerate(steps[1:], start=2)
    )
    names = ", ".join(f"'{step}'" for step in steps)
    inner = f"""SELECT argMinIf((ts, p), seq, {named(steps[0])}) AS f, f.1 AS t1, {lists}
        FROM (SELECT uid, seq, ts, event, ifNull(platform, '') AS p FROM b.e WHERE event IN ({names}))
        GROUP BY uid HAVING t1 > 0"""
    chain = ", ".join(
        f"""if(t{k - 1} > 0, arrayFirst(x -> x.1 >= t{k - 1} - {GRACE} AND x.1 <= t1 + {WINDOW}
            AND x.2 = f.2, l{k}).1, 0) AS t{k}"""
        for k in range(2, len(steps) + 1)
    )
    return levels(len(steps), f"SELECT t1, {chain} FROM ({inner})")


def window_funnel(steps: Sequence[str]) -> str:
    conditions = ", ".join(named(step) for step in steps)
    names = ", ".join(f"'{step}'" for step in steps)
    counts = ", ".join(f"countIf(level >= {k})" for k in range(1, len(steps) + 1))
    return f"""SELECT arrayJoin([{counts}]) FROM (
        SELECT uid, windowFunnel({WINDOW})(toUInt64(ts), {conditions}) AS level FROM b.e
        WHERE event IN ({names}) GROUP BY uid)"""


DAY_NAME = "toString(toDate(d))"

BIRTHS = f"""b AS (SELECT uid, intDiv(ts, {DAY}) AS d, min(ts) AS t FROM b.e
    WHERE event = 'App Open' GROUP BY uid, d)"""
SIZES = f"SELECT {DAY_NAME} AS day, -1 AS k, count() AS n FROM b GROUP BY d"

RETENTION_ARRAYS = f"""SELECT * FROM (WITH {BIRTHS},
    r AS (SELECT uid, groupArray(ts) AS a FROM b.e WHERE event = 'Page View' GROUP BY uid)
    SELECT {DAY_NAME} AS day, toInt32(k) AS k, count() AS n FROM (SELECT d, arrayJoin(arrayDistinct(arrayMap(
        x -> intDiv(x - t, {DAY}), arrayFilter(x -> x >= t AND x < t + {31 * DAY}, a)))) AS k
        FROM b JOIN r ON b.uid = r.uid) GROUP BY d, k
    UNION ALL {SIZES})"""

RETENTION_JOIN = f"""SELECT * FROM (WITH {BIRTHS},
    m AS (SELECT b.uid AS uid, b.d AS d,
        groupBitOr(bitShiftLeft(toUInt64(1), toUInt8(intDiv(e.ts - b.t, {DAY})))) AS m
        FROM (SELECT uid, ts FROM b.e WHERE event = 'Page View') e JOIN b ON b.uid = e.uid
        WHERE e.ts >= b.t AND e.ts < b.t + {31 * DAY} GROUP BY uid, d),
    g AS (SELECT d, m, count() AS n FROM m GROUP BY d, m)
    SELECT {DAY_NAME} AS day, toInt32(log2(bit)) AS k, sum(n) AS n
        FROM (SELECT d, n, arrayJoin(bitmaskToArray(m)) AS bit FROM g) GROUP BY d, k
    UNION ALL {SIZES})"""

FLOWS = f"""SELECT s.1, s.2, s.3, count() FROM (SELECT arrayJoin(arrayFlatten(arrayMap(i -> arrayFilter(
        x -> x.4 > 0 AND x.4 <= a[i].1 + {7 * DAY}, [(1, a[i].3, a[i+1].3, a[i+1].1),
        (2, a[i+1].3, a[i+2].3, a[i+2].1), (3, a[i+2].3, a[i+3].3, a[i+3].1)]),
        arrayFilter(i -> a[i].3 = 'Add to Cart', arrayEnumerate(a))))) AS s
    FROM (SELECT uid, arraySort(groupArray((ts, seq, toString(event)))) AS a FROM b.e
        GROUP BY uid HAVING countIf(event = 'Add to Cart') > 0)) GROUP BY s.1, s.2, s.3"""

FLOWS_WINDOW = f"""SELECT s.1, s.2, s.3, count() FROM (SELECT arrayJoin(arrayFilter(
        x -> x.4 > 0 AND x.4 <= ts + {7 * DAY}, [(1, event, e1, t1), (2, e1, e2, t2), (3, e2, e3, t3)])) AS s
    FROM (SELECT event, ts, leadInFrame(event, 1) OVER w AS e1, leadInFrame(ts, 1) OVER w AS t1,
        leadInFrame(event, 2) OVER w AS e2, leadInFrame(ts, 2) OVER w AS t2,
        leadInFrame(event, 3) OVER w AS e3, leadInFrame(ts, 3) OVER w AS t3 FROM b.e
        WINDOW w AS (PARTITION BY uid ORDER BY ts, seq ROWS BETWEEN CURRENT ROW AND 3 FOLLOWING))
    WHERE event = 'Add to Cart') GROUP BY s.1, s.2, s.3"""

ROLLING = f"""SELECT {DAY_NAME}, n FROM (SELECT d, sum(n) OVER (ORDER BY d) AS n FROM (
    SELECT t.1 AS d, sum(t.2) AS n FROM (
        SELECT arrayJoin(arrayFlatten(arrayMap((d, p) -> if(greatest(d, p + 30) < d + 30,
            [(greatest(d, p + 30), 1), (d + 30, -1)], []), a, arrayConcat([-1000], arrayPopBack(a))))) AS t
        FROM (SELECT arraySort(groupUniqArray(toInt32(intDiv(ts, {DAY})))) AS a FROM b.e GROUP BY uid))
    GROUP BY d)) WHERE d < {FIRST_DAY + DAYS}"""

SESSIONS = f"""SELECT {DAY_NAME}, count() FROM (SELECT intDiv(x.1, {DAY}) AS d FROM (
        SELECT arrayJoin(arrayFilter(x -> x.1 - x.2 > 1800000 OR intDiv(x.1, {DAY}) != intDiv(x.2, {DAY}),
            arrayZip(a, arrayPushFront(arrayPopBack(a), 0)))) AS x
        FROM (SELECT arraySort(groupArray(ts)) AS a FROM b.e GROUP BY uid))) GROUP BY d"""

COHORT = f"""SELECT count() FROM (SELECT uid FROM b.e WHERE event IN ('Purchase', 'Refund')
    AND ts >= {START + (DAYS - 30) * DAY} GROUP BY uid
    HAVING countIf(event = 'Purchase') >= 5 AND countIf(event = 'Refund') = 0)"""

BY_COUNTRY = """SELECT {day}, ifNull(country, 'undefined'), n FROM (SELECT intDiv(ts, {length}) AS d, country,
    {measure} AS n FROM b.e WHERE event = 'Page View' GROUP BY d, country)"""

BY_DAY = """SELECT {day}, n FROM (SELECT intDiv(ts, {length}) AS d, {measure} AS n FROM b.e
    WHERE event = 'Purchase' AND amount IS NOT NULL GROUP BY d)"""


def forms() -> dict[str, list[str]]:
    filtered = [
        "event = 'View Item' AND plan = 'pro'",
        "event = 'Add to Cart' AND item LIKE '%shoe%'",
        "event = 'Purchase' AND amount > 20",
    ]
    texts = {"day": DAY_NAME, "length": DAY}
    return {
        "funnel of 3 steps": [first_entry([named(step) for step in THREE])],
        "funnel of 5 steps": [first_entry([named(step) for step in FIVE])],
        "funnel of 3 steps, filtered": [first_entry(filtered)],
        "funnel, best attempt": [window_funnel(THREE)],
        "funnel with exclusion": [excluding(THREE, "Refund")],
        "funnel, platform held": [holding(THREE)],
        "retention, days 0–30": [RETENTION_JOIN, RETENTION_ARRAYS],
        "flows, 3 steps": [FLOWS, FLOWS_WINDOW],
        "rolling 30-day distinct": [ROLLING],
        "cohort": [COHORT],
        "sessions by day": [SESSIONS],
        "count by day and country": [BY_COUNTRY.format(measure="count()", **texts)],
        "distinct users by day and country": [BY_COUNTRY.format(measure="uniqExact(uid)", **texts)],
        "sum by day": [BY_DAY.format(measure="sum(amount)", **texts)],
        "90th percentile by day": [
            BY_DAY.format(measure="quantileExactInclusive(0.9)(assumeNotNull(amount))", **texts)
        ],
    }
