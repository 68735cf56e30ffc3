"""``pytest-mixpanel import``: a store of its own, from a file, a folder or standard input."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.filesize import decimal
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app
from pytest_mixpanel.workspace import Workspace

LINES = [
    json.dumps({"event": "Login", "properties": {"time": 1735689600 + n * 3600, "distinct_id": f"u{n}"}})
    for n in range(5)
]
TEXT = "\n".join(LINES) + "\n"


def imported(*arguments: str, stdin: str | bytes | None = None) -> str:
    result = CliRunner().invoke(app, ["import", *arguments], input=stdin)
    assert result.exit_code == 0, result.output
    return result.output


def logins(store: Path) -> dict[str, float]:
    with Workspace(project=str(store)) as workspace:
        return workspace.query("Login", from_date="2025-01-01", to_date="2025-01-01").daily()


@pytest.mark.parametrize("source", ["file", "folder", "stdin"])
def test_a_store_of_its_own_is_a_project(source: str, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.jsonl").write_text(TEXT)
    path = {"file": str(tmp_path / "export" / "a.jsonl"), "folder": str(tmp_path / "export"), "stdin": "-"}
    told = imported(
        path[source], "--into", str(tmp_path / "store"), stdin=TEXT if source == "stdin" else None
    )
    assert "5 events of 5 users, 2025-01-01 … 2025-01-01" in told
    assert logins(tmp_path / "store") == {"2025-01-01": 5}


def test_rejected_lines_are_kept_in_the_store_with_their_reasons(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TEXT + "nonsense\n")
    told = imported(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    assert "1 line rejected" in told
    (kept,) = (tmp_path / "store" / "rejected.jsonl").read_text().splitlines()
    assert json.loads(kept)["line"] == 6
    assert "not JSON" in json.loads(kept)["reason"]


def test_a_store_is_replaced_and_anything_else_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINES[0])
    imported(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    (tmp_path / "a.jsonl").write_text(TEXT)
    imported(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    assert logins(tmp_path / "store") == {"2025-01-01": 5}
    result = CliRunner().invoke(app, ["import", str(tmp_path / "a.jsonl"), "--into", str(tmp_path)])
    assert result.exit_code == 1
    assert "is not empty and no store of events; name a new folder" in result.output


def no_copy(*_: Any, **__: Any) -> None:
    raise AssertionError("standard input is put into a file")


@pytest.mark.parametrize("pack", [bytes, partial(gzip.compress, mtime=0)], ids=["plain", "packed"])
def test_standard_input_is_read_as_it_comes(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryDirectory", no_copy)
    store = str(tmp_path / "store")
    assert "5 events" in imported("-", "--into", store, stdin=pack(TEXT.encode()))
    again = imported("-", "--into", store, stdin=pack(TEXT.encode()))
    assert "no new file, 1 already there" in again
    other = imported(
        "-", "--into", store, stdin=pack(TEXT.replace("Login", "Logout").encode() + b"nonsense\n")
    )
    assert "no new file, 1 changed, 0 already there" in other
    assert "1 line rejected" in other
    assert logins(tmp_path / "store") == {"2025-01-01": 0}


def test_standard_input_is_added_to_files_and_stays_when_they_change(tmp_path: Path) -> None:
    file, store = tmp_path / "a.jsonl", str(tmp_path / "store")
    file.write_text("\n".join(LINES[:2]))
    imported(str(file), "--into", store)
    assert "1 new file, 1 already there" in imported(
        "-", "--into", store, stdin="\n".join(LINES[2:4]).encode()
    )
    file.write_text("\n".join(LINES[:1]))
    imported(str(file), "--into", store)
    assert logins(tmp_path / "store") == {"2025-01-01": 3}
    assert "5 events" not in imported("-", "--into", store, stdin="\n".join(LINES[2:4]).encode())


def test_parquet_on_standard_input_is_read_too(tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "a.parquet"
    duckdb.sql(
        f"copy (select 'Login' as event, 1735689600 + i as time, 'u' || i as distinct_id from range(3) t(i)) "
        f"to '{file}' (format parquet)"
    )
    assert "3 events of 3 users" in imported("-", "--into", str(tmp_path / "store"), stdin=file.read_bytes())


def test_nothing_on_standard_input_is_told_and_leaves_no_store(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["import", "-", "--into", str(tmp_path / "store")], input=b"")
    assert result.exit_code == 1
    assert "standard input is empty" in result.output
    assert not (tmp_path / "store").exists()


def test_how_far_an_import_is_is_told_in_events_bytes_and_rejected_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TEXT + "nonsense\n")
    (tmp_path / "b.jsonl").write_text(TEXT)
    told = imported(str(tmp_path), "--into", str(tmp_path / "store"))
    size = decimal(2 * len(TEXT) + len("nonsense\n"))
    assert f"10 events, 1 line rejected, {size} of {size}" in told


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["import", *arguments])
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    return result.output


def test_a_time_zone_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TEXT)
    told = refused(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "s"), "--time-zone", "Europe/Berln")
    assert "error: --time-zone: 'Europe/Berln' is no time zone; did you mean 'Europe/Berlin'?" in told
    assert not (tmp_path / "s").exists()


def test_a_time_zone_beside_the_events_that_is_none_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.jsonl").write_text(TEXT)
    (tmp_path / "export" / "project.json").write_text('{"time_zone": "CEST"}')
    told = refused(str(tmp_path / "export"), "--into", str(tmp_path / "store"))
    assert "project.json: time_zone: 'CEST' is no time zone" in told
    assert not (tmp_path / "store").exists()


def test_a_damaged_store_is_not_replaced_by_what_is_given_now(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TEXT)
    (tmp_path / "b.jsonl").write_text(TEXT)
    store = tmp_path / "store"
    imported(str(tmp_path / "a.jsonl"), "--into", str(store))
    manifest = store / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"UTC"', '"Mars/Base"'))
    before = sorted(store.iterdir())
    told = " ".join(refused(str(tmp_path / "b.jsonl"), "--into", str(store)).split())
    assert "is damaged" in told
    assert f"remove {store} and import all of its events again" in told
    assert sorted(store.iterdir()) == before


@pytest.mark.parametrize(
    ("begin", "told"),
    [
        (b"PK\x03\x04", "a zip archive"),
        (b"BZh9", "a bzip2 file"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
        ("{".encode("utf-16"), "UTF-16 text"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(tmp_path: Path, begin: bytes, told: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(begin + TEXT.encode())
    output = refused(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    assert (
        f"a.jsonl:1: {told}: events are read from UTF-8 lines, plain or gzipped, and from Parquet" in output
    )


def test_parquet_without_an_events_columns_says_which_it_must_have(tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "a.parquet"
    duckdb.sql(f"copy (select 'Login' as name, 1735689600 as at) to '{file}' (format parquet)")
    told = refused(str(file), "--into", str(tmp_path / "store"))
    assert "an export has the columns event, time and distinct_id" in told


def test_a_store_is_not_imported_again(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TEXT)
    imported(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    told = refused(str(tmp_path / "store"), "--into", str(tmp_path / "other"))
    assert "is a store already, and a project as it is: --mixpanel-project=" in told


def test_where_no_store_can_be_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TEXT)
    source = str(tmp_path / "a.jsonl")
    assert "a.jsonl is a file; name the folder of the store" in refused(source, "--into", source)
    told = refused(source, "--into", f"{source}/store")
    assert "error: the store of events could not be written to" in told
