"""A reader finds the part of a long page: it lists its headings, and links within pages lead to theirs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITHIN = re.compile(r"\]\(([^):]*\.md)?#([^)]+)\)")

LONG = 120
"""Lines of a page, above which it lists its contents."""


def anchors(page: Path) -> set[str]:
    """What renderers call the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_headings_lead_there_and_long_pages_list_their_own(page: Path) -> None:
    text = page.read_text("utf-8")
    linked = WITHIN.findall(text)
    assert [
        anchor for path, anchor in linked if anchor not in anchors(page.parent / path if path else page)
    ] == []
    if text.count("\n") > LONG:
        assert len([anchor for path, anchor in linked if not path]) == text.count("\n## ")
