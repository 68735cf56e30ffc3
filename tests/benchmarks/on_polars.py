"""The questions in Polars, over a frame in memory sorted by user and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.data import DAY, DAYS, START, make_parquet
from tests.benchmarks.questions import FIVE, THREE, Rows

WINDOW, GRACE = 14 * DAY, 2_000


def open_engine(folder: Path, events: int) -> dict[str, list[Callable[[], Rows]]]:
    import polars as pl

    frame = pl.read_parquet(make_parquet(folder, events)).lazy()
    column = pl.col
    day = column("ts") // DAY

    def rows(query: Any) -> Rows:
        return list(query.collect().rows())

    def dated(query: Any) -> Any:
        name = (column("d") * DAY).cast(pl.Datetime("ms")).dt.strftime("%Y-%m-%d")
        return query.select(name, pl.exclude("d"))

    def funnel(conditions: Sequence[Any], held: bool = False) -> Rows:
        entry = [column("ts").min().alias("t1")]
        if held:
            entry.append(column("platform").sort_by("seq").first())
        chain = [frame.filter(conditions[0]).group_by("uid").agg(entry)]
        for k, condition in enumerate(conditions[1:], start=2):
            before = column(f"t{k - 1}" if k > 2 else "t1")
            inside = (column("ts") >= before - GRACE) & (column("ts") <= column("t1") + WINDOW)
            if held:
                inside &= column("platform").eq_missing(column("platform_right"))
            joined = frame.filter(condition).join(chain[-1], on="uid").filter(inside)
            kept = [column("t1").first(), column("ts").min().alias(f"t{k}")]
            if held:
                kept.append(column("platform").first())
            chain.append(joined.group_by("uid").agg(kept))
        counts = pl.collect_all([step.select(pl.len()) for step in chain])
        return [(int(count.item()),) for count in counts]

    def named(steps: Sequence[str]) -> list[Any]:
        return [column("event") == step for step in steps]

    def retention() -> Rows:
        births = frame.filter(column("event") == "App Open").group_by("uid", day.alias("d"))
        born = births.agg(column("ts").min().alias("t"))
        back = frame.filter(column("event") == "Page View").select("uid", "ts").join(born, on="uid")
        since = column("ts") - column("t")
        returned = back.filter((since >= 0) & (since < 31 * DAY)).select(
            "uid", "d", (since // DAY).alias("k")
        )
        counts = returned.unique().group_by("d", "k").agg(pl.len())
        sizes = born.group_by("d").agg(pl.len()).select("d", pl.lit(-1, pl.Int64).alias("k"), "len")
        return rows(dated(pl.concat([counts, sizes])))

    def flows() -> Rows:
        ahead = [
            expression
            for k in (1, 2, 3)
            for expression in (
                column("event").shift(-k).alias(f"e{k}"),
                pl.when(column("uid").shift(-k) == column("uid")).then(column("ts").shift(-k)).alias(f"t{k}"),
            )
        ]
        anchors = frame.select("event", "ts", *ahead).filter(column("event") == "Add to Cart")
        steps = []
        for k, (now, then) in enumerate((("event", "e1"), ("e1", "e2"), ("e2", "e3")), start=1):
            inside = anchors.filter(column(f"t{k}") <= column("ts") + 7 * DAY)
            counts = inside.group_by(column(now).alias("a"), column(then).alias("b")).agg(pl.len())
            steps.append(
                counts.select(pl.lit(k), column("a").cast(pl.String), column("b").cast(pl.String), "len")
            )
        return rows(pl.concat(steps))

    def rolling() -> Rows:
        active = frame.select("uid", day.alias("d")).unique().sort("uid", "d")
        last = pl.when(column("uid").shift(1) == column("uid")).then(column("d").shift(1))
        spans = active.select(
            pl.max_horizontal(column("d"), (last + 30).fill_null(column("d"))).alias("s"),
            (column("d") + 30).alias("t"),
        ).filter(column("s") < column("t"))
        changes = pl.concat(
            [
                spans.select(column("s").alias("d"), pl.lit(1).alias("n")),
                spans.select(column("t").alias("d"), pl.lit(-1).alias("n")),
            ]
        )
        days = pl.LazyFrame({"d": range(START // DAY, START // DAY + DAYS)}, schema={"d": pl.Int64})
        sums = days.join(changes.group_by("d").agg(column("n").sum()), on="d", how="left").sort("d")
        return rows(dated(sums.select("d", column("n").fill_null(0).cum_sum().cast(pl.Int64))))

    def cohort() -> Rows:
        recent = frame.filter(column("ts") >= START + (DAYS - 30) * DAY)
        some = recent.filter(column("event").is_in(["Purchase", "Refund"])).group_by("uid")
        counts = some.agg(p=(column("event") == "Purchase").sum(), r=(column("event") == "Refund").sum())
        return rows(counts.filter((column("p") >= 5) & (column("r") == 0)).select(pl.len()))

    def sessions() -> Rows:
        before = pl.when(column("uid").shift(1) == column("uid")).then(column("ts").shift(1))
        starts = frame.select("ts", before.alias("p")).filter(
            column("p").is_null() | (column("ts") - column("p") > 1_800_000) | (column("p") // DAY != day)
        )
        return rows(dated(starts.group_by(day.alias("d")).agg(pl.len())))

    def by_country(measure: Any) -> Rows:
        viewed = frame.filter(column("event") == "Page View")
        counts = viewed.group_by(day.alias("d"), "country").agg(measure)
        named = column("country").cast(pl.String).fill_null("undefined")
        return rows(dated(counts.with_columns(named)))

    def by_day(measure: Any) -> Rows:
        bought = frame.filter((column("event") == "Purchase") & column("amount").is_not_null())
        return rows(dated(bought.group_by(day.alias("d")).agg(measure)))

    filtered = [
        (column("event") == "View Item") & (column("plan") == "pro"),
        (column("event") == "Add to Cart")
        & column("item").cast(pl.String).str.contains("shoe", literal=True),
        (column("event") == "Purchase") & (column("amount") > 20),
    ]
    return {
        "funnel of 3 steps": [lambda: funnel(named(THREE))],
        "funnel of 5 steps": [lambda: funnel(named(FIVE))],
        "funnel of 3 steps, filtered": [lambda: funnel(filtered)],
        "funnel, platform held": [lambda: funnel(named(THREE), held=True)],
        "retention, days 0–30": [retention],
        "flows, 3 steps": [flows],
        "rolling 30-day distinct": [rolling],
        "cohort": [cohort],
        "sessions by day": [sessions],
        "count by day and country": [lambda: by_country(pl.len())],
        "distinct users by day and country": [lambda: by_country(column("uid").n_unique())],
        "sum by day": [lambda: by_day(column("amount").sum())],
        "90th percentile by day": [lambda: by_day(column("amount").quantile(0.9, "linear"))],
    }
