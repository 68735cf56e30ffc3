"""The questions in DuckDB's SQL, in the forms that were best: chains of joins, windows, groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.data import COUNTRIES, DAY, DAYS, EVENTS, PLANS, PLATFORMS, START, make_parquet
from tests.benchmarks.questions import FIVE, THREE, Rows

WINDOW, GRACE = 14 * DAY, 2_000
ENUMS = {"event": EVENTS, "platform": PLATFORMS, "country": COUNTRIES, "plan": PLANS}
FIRST_DAY = START // DAY
COHORT_START = START + (DAYS - 30) * DAY


def open_engine(folder: Path, events: int) -> dict[str, list[Callable[[], Rows]]]:
    import duckdb

    database = duckdb.connect(str(_built(folder, events)), read_only=True)
    database.execute("SET threads = 2; SET memory_limit = '12GB'; SET preserve_insertion_order = false")
    database.execute(f"SET temp_directory = '{folder}/duckdb-spill'")

    def asked(query: str) -> Callable[[], Rows]:
        return lambda: list(database.execute(query).fetchall())

    return {name: [asked(query) for query in queries] for name, queries in forms().items()}


def _built(folder: Path, events: int) -> Path:
    path = folder / f"events-{events}.duckdb"
    if not path.exists():
        import duckdb

        source, draft = make_parquet(folder, events), path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        database = duckdb.connect(str(draft))
        database.execute("SET threads = 2; SET memory_limit = '6GB'; SET preserve_insertion_order = true")
        for name, values in ENUMS.items():
            database.execute(f"CREATE TYPE {name}_name AS ENUM {values!r}")
        columns = ", ".join(f"{name}::{name}_name AS {name}" for name in ENUMS)
        database.execute(
            f"CREATE TABLE e AS SELECT uid, seq, ts, {columns}, item::VARCHAR AS item, amount FROM '{source}'"
        )
        database.close()
        draft.rename(path)
    return path


def named(event: str) -> str:
    return f"event = '{event}'"


def first_entry(steps: Sequence[str], extra: str = "", same: str = "") -> str:
    """A chain of joins: per user the first entry, then greedily the first event of the next step."""
    query = f"WITH s1 AS (SELECT uid, min(ts) AS t1{extra} FROM e WHERE {steps[0]} GROUP BY uid)"
    kept = ", any_value(p.platform) AS platform" if extra else ""
    for k in range(2, len(steps) + 1):
        query += f""", s{k} AS (SELECT p.uid, any_value(p.t1) AS t1, min(e.ts) AS t{k}{kept}
            FROM s{k - 1} p JOIN e ON e.uid = p.uid WHERE e.{steps[k - 1]} AND e.ts >= p.t{k - 1} - {GRACE}
            AND e.ts <= p.t1 + {WINDOW}{same} GROUP BY p.uid)"""
    return query + counted(len(steps))


def counted(steps: int) -> str:
    return " UNION ALL ".join(f" SELECT count(*) FROM s{k}" for k in range(1, steps + 1))


def excluding(steps: Sequence[str], excluded: str) -> str:
    query = f"WITH s1 AS (SELECT uid, min(ts) AS t1 FROM e WHERE {named(steps[0])} GROUP BY uid)"
    for k in range(2, len(steps) + 1):
        before, step = f"p.t{k - 1}", steps[k - 1]
        query += f""", s{k} AS (SELECT uid, t1, t{k} FROM (SELECT p.uid, any_value(p.t1) AS t1,
            min(e.ts) FILTER (e.event = '{step}') AS t{k},
            min(e.ts) FILTER (e.event = '{excluded}' AND e.ts > {before} + {GRACE}) AS tx
            FROM s{k - 1} p JOIN e ON e.uid = p.uid WHERE e.event IN ('{step}', '{excluded}')
            AND e.ts >= {before} - {GRACE} AND e.ts <= p.t1 + {WINDOW} GROUP BY p.uid)
            WHERE t{k} IS NOT NULL AND (tx IS NULL OR tx >= t{k} - {GRACE}))"""
    return query + counted(len(steps))


def best_attempt(steps: Sequence[str]) -> str:
    query = f"WITH s1 AS (SELECT uid, ts AS t1, ts - {GRACE} AS g1 FROM e WHERE {named(steps[0])})"
    for k in range(2, len(steps) + 1):
        query += f""", s{k} AS (SELECT *, t{k} - {GRACE} AS g{k} FROM (
            SELECT p.*, CASE WHEN e.ts <= p.t1 + {WINDOW} THEN e.ts END AS t{k} FROM s{k - 1} p
            ASOF LEFT JOIN (SELECT uid, ts FROM e WHERE {named(steps[k - 1])}) e
            ON e.uid = p.uid AND p.g{k - 1} <= e.ts))"""
    last = len(steps)
    depth = " + ".join(f"(t{k} IS NOT NULL)::INT" for k in range(1, last + 1))
    return (
        query
        + f""", u AS (SELECT uid, max({depth}) AS depth FROM s{last} GROUP BY uid)
        SELECT n FROM (SELECT k, count(*) AS n FROM u, range(1, {last + 1}) t(k) WHERE depth >= k
        GROUP BY k)"""
    )


RETENTION = f"""WITH b AS (SELECT uid, ts // {DAY} AS d, min(ts) AS t FROM e
        WHERE event = 'App Open' GROUP BY ALL),
    m AS (SELECT b.uid, b.d, bit_or(1::BIGINT << ((e.ts - b.t) // {DAY})) AS m FROM b JOIN e ON e.uid = b.uid
          WHERE e.event = 'Page View' AND e.ts >= b.t AND e.ts < b.t + {31 * DAY} GROUP BY ALL),
    g AS (SELECT d, m, count(*) AS n FROM m GROUP BY ALL)
    SELECT strftime(make_date(d::INT), '%Y-%m-%d'), k, sum(n)::BIGINT FROM g, range(0, 31) t(k)
    WHERE (m >> k) & 1 = 1 GROUP BY ALL
    UNION ALL SELECT strftime(make_date(d::INT), '%Y-%m-%d'), -1, count(*) FROM b GROUP BY ALL"""

FLOWS = f"""WITH w AS (SELECT event, ts, lead(event, 1) OVER w AS e1, lead(ts, 1) OVER w AS t1,
        lead(event, 2) OVER w AS e2, lead(ts, 2) OVER w AS t2,
        lead(event, 3) OVER w AS e3, lead(ts, 3) OVER w AS t3
        FROM e WINDOW w AS (PARTITION BY uid ORDER BY ts, seq)),
    a AS (SELECT * FROM w WHERE event = 'Add to Cart')
    SELECT 1, event::VARCHAR, e1::VARCHAR, count(*) FROM a WHERE t1 <= ts + {7 * DAY} GROUP BY ALL
    UNION ALL SELECT 2, e1::VARCHAR, e2::VARCHAR, count(*) FROM a WHERE t2 <= ts + {7 * DAY} GROUP BY ALL
    UNION ALL SELECT 3, e2::VARCHAR, e3::VARCHAR, count(*) FROM a WHERE t3 <= ts + {7 * DAY} GROUP BY ALL"""

DAY_NAME = f"strftime(make_date((ts // {DAY})::INT), '%Y-%m-%d')"
NAME_OF_D = "strftime(make_date(d::INT), '%Y-%m-%d')"

ROLLING = f"""WITH a AS (SELECT DISTINCT uid, ts // {DAY} AS d FROM e),
    g AS (SELECT d, lag(d) OVER (PARTITION BY uid ORDER BY d) AS p FROM a),
    c AS (SELECT greatest(d, coalesce(p + 30, d)) AS s, d + 30 AS t FROM g),
    x AS (SELECT s AS d, count(*) AS n FROM c WHERE s < t GROUP BY ALL
          UNION ALL SELECT t, -count(*) FROM c WHERE s < t GROUP BY ALL),
    y AS (SELECT d, sum(n) AS n FROM x GROUP BY d),
    z AS (SELECT r.d, sum(coalesce(n, 0)) OVER (ORDER BY r.d) AS n
          FROM range({FIRST_DAY}, {FIRST_DAY + DAYS}) r(d) LEFT JOIN y USING (d))
    SELECT {NAME_OF_D}, n::BIGINT FROM z"""

SESSIONS = f"""SELECT {DAY_NAME}, count(*) FROM (
        SELECT ts, lag(ts) OVER (PARTITION BY uid ORDER BY ts) AS p FROM e)
    WHERE p IS NULL OR ts - p > 1800000 OR p // {DAY} <> ts // {DAY} GROUP BY ALL"""

COHORT = f"""SELECT count(*) FROM (SELECT uid FROM e
    WHERE event IN ('Purchase', 'Refund') AND ts >= {COHORT_START}
    GROUP BY uid HAVING count(*) FILTER (event = 'Purchase') >= 5
        AND count(*) FILTER (event = 'Refund') = 0)"""

BY_COUNTRY = """WITH g AS (SELECT ts // {day} AS d, country, {measure} AS n FROM e
    WHERE event = 'Page View' GROUP BY ALL)
    SELECT {name}, coalesce(country::VARCHAR, 'undefined'), n FROM g"""

BY_DAY = """WITH g AS (SELECT ts // {day} AS d, {measure} AS n FROM e
    WHERE event = 'Purchase' AND amount IS NOT NULL GROUP BY ALL) SELECT {name}, n FROM g"""


def forms() -> dict[str, list[str]]:
    plain = [named(step) for step in THREE]
    filtered = [
        "event = 'View Item' AND plan = 'pro'",
        "event = 'Add to Cart' AND contains(item, 'shoe')",
        "event = 'Purchase' AND amount > 20",
    ]
    texts: dict[str, Any] = {"day": DAY, "name": NAME_OF_D}
    return {
        "funnel of 3 steps": [first_entry(plain)],
        "funnel of 5 steps": [first_entry([named(step) for step in FIVE])],
        "funnel of 3 steps, filtered": [first_entry(filtered)],
        "funnel, best attempt": [best_attempt(THREE)],
        "funnel with exclusion": [excluding(THREE, "Refund")],
        "funnel, platform held": [
            first_entry(
                plain,
                ", arg_min_null(platform, seq) AS platform",
                " AND e.platform IS NOT DISTINCT FROM p.platform",
            )
        ],
        "retention, days 0–30": [RETENTION],
        "flows, 3 steps": [FLOWS],
        "rolling 30-day distinct": [ROLLING],
        "cohort": [COHORT],
        "sessions by day": [SESSIONS],
        "count by day and country": [BY_COUNTRY.format(measure="count(*)", **texts)],
        "distinct users by day and country": [BY_COUNTRY.format(measure="count(DISTINCT uid)", **texts)],
        "sum by day": [BY_DAY.format(measure="sum(amount)", **texts)],
        "90th percentile by day": [BY_DAY.format(measure="quantile_cont(amount, 0.9)", **texts)],
    }
