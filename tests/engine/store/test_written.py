"""What is written in pieces is what NumPy writes in one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytest_mixpanel.engine.store import written

ARRAYS = {
    "codes": np.arange(-3, 40, dtype=np.int8),
    "numbers": np.linspace(0, 1, 29),
    "moments": np.arange(17, dtype=np.int64) * 10**12,
    "nothing": np.empty(0, np.uint32),
    "every other": np.arange(30, dtype=np.int32)[::2],
}


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("at_once", [1, 7, 1 << 18])
def test_an_array_is_the_file_that_numpy_writes(
    name: str, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "BYTES", at_once)
    np.save(tmp_path / "numpy.npy", ARRAYS[name])
    written.save(tmp_path / "ours.npy", ARRAYS[name])
    assert (tmp_path / "ours.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()


class _Watched(io.BytesIO):
    """Remembers how much each call wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def write(self, data: Any) -> int:
        self.sizes.append(len(data))
        return super().write(data)


def test_no_call_writes_more_than_a_piece() -> None:
    file = _Watched()
    given = np.random.default_rng(4).bytes(3 * written.BYTES + 5)
    written.write_bytes(file, given)
    assert file.getvalue() == given
    assert file.sizes == [written.BYTES] * 3 + [5]
