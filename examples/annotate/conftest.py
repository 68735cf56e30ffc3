"""A note on the project's charts on the day a test begins to fail; one note, however often it fails again."""

import pytest

from pytest_mixpanel import CreateAnnotationParams

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(autouse=True)
def note_on_the_chart(request, mixpanel):
    yield
    if request.node.stash.get(FAILED, False):
        note = f"{request.node.name} fails"
        if note not in [annotation.description for annotation in mixpanel.list_annotations()]:
            today = mixpanel.now.date().isoformat()
            mixpanel.create_annotation(CreateAnnotationParams(date=today, description=note))
