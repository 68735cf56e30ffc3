"""Exports as they should not be: what is good in them is kept, and of the rest it is said where and why."""

from __future__ import annotations

import errno
import gzip
import json
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.engine.discovery.export import export_events
from pytest_mixpanel.engine.importing.open import Opened, import_source, open_source

GOOD = b'{"event": "Login", "properties": {"time": 1735689600, "distinct_id": "u1", "plan": "free"}}\n'


def with_value(value: str) -> bytes:
    return GOOD.replace(b'"free"', value.encode())


def opened(tmp_path: Path, *content: bytes) -> Opened:
    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(content))
    return open_source(file, tmp_path / "cache")


def plans(found: Opened) -> list[Any]:
    told = export_events(found.store, date(2024, 1, 1), date(2025, 12, 31), datetime(2026, 1, 1, tzinfo=UTC))
    return [event["properties"].get("plan") for event in told]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("NaN", "not JSON: NaN is no number there"),
        ("-Infinity", "not JSON: -Infinity is no number there"),
        ("1e400", "not JSON: the number 1e400… is beyond ±1.8e308"),
        ("1" * 400, "not JSON: the number 11111111111111111111… is beyond ±1.8e308"),
        ("1" * 5000, "not JSON: the number 11111111111111111111… is beyond ±1.8e308"),
        ("[" * 201 + "]" * 201, "not JSON: nested over 200 deep"),
        ("[" * 50_000 + "]" * 50_000, "not JSON: nested over 200 deep"),
        ("[1, 2}", "not JSON: Expecting ',' delimiter at column"),
        ('"a\tb"', "not JSON: Invalid control character at column"),
        ('"\\x"', "not JSON: Invalid \\escape at column"),
        ("01", "not JSON: Expecting ',' delimiter at column"),
        ("nul", "not JSON: Expecting value at column"),
    ],
)
def test_a_value_that_is_none_rejects_its_line_alone(tmp_path: Path, value: str, reason: str) -> None:
    found = opened(tmp_path, GOOD, with_value(value), GOOD)
    assert found.report.events == 2
    (rejected,) = found.report.rejected
    assert rejected.line == 2
    assert rejected.reason.startswith(reason)
    assert found.rejected_file is not None
    assert json.loads(found.rejected_file.read_text())["line"] == 2


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("12345678901234567890", 12345678901234567890),
        ("-0.00001", -0.00001),
        ("1E+2", 100),
        ("1.0", 1),
        ("-0", 0),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ('"\\ud800"', "\ud800"),
        ('"\\u00e9\\n\\"\\/"', 'é\n"/'),
        ('"\\ud83d\\ude00"', "😀"),
        ("[" * 200 + "]" * 200, json.loads("[" * 200 + "]" * 200)),
        ('{"b": [1, {"c": "]"}], "a": "\\""}', {"a": '"', "b": [1, {"c": "]"}]}),
    ],
)
def test_an_unusual_value_is_kept_as_it_is(tmp_path: Path, value: str, kept: Any) -> None:
    found = opened(tmp_path, with_value(value))
    assert found.report.rejected == ()
    assert plans(found) == [kept]
    assert plans(open_source(tmp_path / "export.jsonl", tmp_path / "cache")) == [kept]


@pytest.mark.parametrize(
    ("content", "events"),
    [
        (b"\xef\xbb\xbf" + GOOD * 2, 2),  # a byte order mark
        (GOOD.replace(b"\n", b"\r\n") * 2, 2),
        (b"\n \r\n\t\n" + GOOD.rstrip() + b"\r", 1),
        (GOOD.replace(b": ", b" :\t").replace(b", ", b" ,\r ") * 2, 2),
    ],
)
def test_marks_and_ends_of_lines_of_other_systems_are_no_matter(
    tmp_path: Path, content: bytes, events: int
) -> None:
    report = opened(tmp_path, content).report
    assert (report.events, report.rejected) == (events, ())


def test_lines_in_another_encoding_are_rejected_alone(tmp_path: Path) -> None:
    found = opened(tmp_path, GOOD, GOOD.replace(b"free", "größer".encode("latin-1")), GOOD)
    assert found.report.events == 2
    assert [(line.line, line.reason) for line in found.report.rejected] == [(2, "not UTF-8 text")]
    with pytest.raises(EventDataError, match=r"export\.jsonl:1: UTF-16 text: events are read from UTF-8"):
        opened(tmp_path, GOOD.decode().encode("utf-16"))


def test_binary_noise_between_events_costs_no_event(tmp_path: Path) -> None:
    noise = random.Random(7).randbytes(200_000)
    found = opened(tmp_path, GOOD, noise, b"\n", GOOD)
    assert found.report.events == 2
    assert {line.line for line in found.report.rejected} <= {*range(2, noise.count(b"\n") + 3)}


def test_a_file_of_binary_noise_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(EventDataError, match=r"holds no event; the first problem: .*export\.jsonl:1: "):
        opened(tmp_path, random.Random(8).randbytes(3_000_000))


def test_an_event_of_two_megabytes_is_an_event(tmp_path: Path) -> None:
    long = "x" * 2_000_000
    found = opened(tmp_path, GOOD, with_value(f'"{long}"'), with_value(f'["{long}"]'), GOOD)
    assert found.report.rejected == ()
    assert sorted(map(str, plans(found))) == sorted(map(str, ["free", long, [long], "free"]))


def test_a_property_of_ten_thousand_kinds_of_value_keeps_them_all(tmp_path: Path) -> None:
    kinds: list[Callable[[int], Any]] = [
        lambda n: n,
        lambda n: str(n),
        lambda n: n + 0.5,
        lambda n: [n, "a"],
        lambda n: {"n": n, "deep": [{"er": n}]},
        lambda n: bool(n % 20 > 9),
        lambda n: None,
    ]
    values = [kinds[n % len(kinds)](n) for n in range(10_000)]
    found = opened(tmp_path, *(with_value(json.dumps(value)) for value in values))
    assert found.report.rejected == ()
    assert plans(found) == values


def test_an_event_of_more_properties_than_mixpanel_takes_keeps_them_all(tmp_path: Path) -> None:
    properties = {f"property {n}": n for n in range(300)} | {"time": 1735689600, "distinct_id": "u1"}
    found = opened(tmp_path, json.dumps({"event": "Login", "properties": properties}).encode(), b"\n", GOOD)
    assert found.report.events == 2
    assert len(found.store.columns) == 301


@pytest.mark.parametrize("left", [0.1, 0.5, 0.9])
def test_what_a_cut_off_archive_still_holds_is_read(tmp_path: Path, left: float) -> None:
    numbers = random.Random(9)
    lines = [with_value(str(numbers.random())) for _ in range(5_000)]
    whole = gzip.compress(b"".join(lines))
    (tmp_path / "export.jsonl.gz").write_bytes(whole[: int(len(whole) * left)])
    report = open_source(tmp_path / "export.jsonl.gz", tmp_path / "cache").report
    assert report.events > 5_000 * (left - 0.15)
    (rejected,) = report.rejected
    assert rejected.line == report.events + 1
    assert rejected.reason.startswith("the file breaks off here: Compressed file ended")


def test_an_archive_with_a_damaged_middle_is_read_up_to_there(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(b"".join(with_value(str(n)) for n in range(50_000))))
    whole[len(whole) // 2 : len(whole) // 2 + 50] = bytes(50)
    (tmp_path / "export.jsonl.gz").write_bytes(whole)
    report = open_source(tmp_path / "export.jsonl.gz", tmp_path / "cache").report
    assert 15_000 < report.events < 35_000
    assert "the file breaks off here: " in report.rejected[-1].reason


def test_a_folder_of_foreign_files_beside_events(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / ".hidden").mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(GOOD)
    (folder / "b.txt").write_text("a shopping list\nmilk\n")
    (folder / "c.json").write_text('{"some": "configuration"}')
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "photo.png").write_bytes(bytes(range(256)))
    (folder / ".hidden" / "d.jsonl").write_bytes(GOOD)
    report = open_source(folder, tmp_path / "cache").report
    assert report.events == 1
    assert [(Path(line.file).name, line.line) for line in report.rejected] == [
        ("b.txt", 1),
        ("b.txt", 2),
        ("c.json", 1),
    ]


LIMITED = """
import resource, signal, sys
from pathlib import Path
from pytest_mixpanel.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
sys.argv = ["pytest-mixpanel", "import", sys.argv[1], "--into", sys.argv[2]]
main()
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no limit of the size of files here")
def test_a_disk_that_will_not_take_the_store_leaves_the_old_one_and_says_so(tmp_path: Path) -> None:
    export, into = tmp_path / "export.jsonl", tmp_path / "store"
    export.write_bytes(GOOD)
    import_source(export, into)
    export.write_bytes(b"".join(with_value(str(n)) for n in range(60_000)))
    told = subprocess.run(
        [sys.executable, "-c", LIMITED, str(export), str(into)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "error: the store of events could not be written to" in told.stderr
    assert len(open_source(into, tmp_path / "cache").store) == 1
    assert import_source(export, into).report.events == 60_000


def test_a_full_disk_is_an_error_of_the_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("numpy.save", full)
    with pytest.raises(EventDataError, match=r"could not be written to .*: .Errno 28. No space left"):
        opened(tmp_path, GOOD)
    assert list((tmp_path / "cache").iterdir()) == []
    monkeypatch.undo()
    assert opened(tmp_path, GOOD).report.events == 1


def damaged(folder: Path, key: str, how: str) -> str:
    """The store in ``folder`` whose manifest has lost a key, or has something else there."""
    (folder / "events.jsonl").write_bytes(with_value("1") + b"\n")
    import_source(folder / "events.jsonl", folder / "store")
    manifest = folder / "store" / "manifest.json"
    told = json.loads(manifest.read_text())
    others = {name: value for name, value in told.items() if name != key}
    told = {"lost": others, "other": told | {key: 7}, "unknown": told | {key: "Mars/Olympus"}}[how]
    manifest.write_text(json.dumps(told))
    return str(folder / "store")


KEYS = ("segments", "users", "people", "barren", "facts", "settings")


@pytest.mark.parametrize(
    ("key", "how"), [("user_count", "lost"), ("time_zone", "unknown"), *product(KEYS, ("lost", "other"))]
)
def test_a_manifest_that_is_not_as_it_was_written_is_refused_with_its_store(
    tmp_path: Path, key: str, how: str
) -> None:
    store = damaged(tmp_path, key, how)
    with pytest.raises(EventDataError, match=rf"{store}.*(damaged|settings)"):
        open_source(Path(store), tmp_path / "cache")


def test_a_damaged_store_in_the_cache_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(with_value("1") + b"\n")
    open_source(file, tmp_path / "cache")
    (manifest,) = (tmp_path / "cache").glob("*/manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"segments": 7}))
    assert len(open_source(file, tmp_path / "cache").store) == 1
