"""What may go wrong, and what its error tells."""

from pathlib import Path

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# What the service may answer instead of events
try:
    names = ws.events()
except mp.AuthenticationError:
    raise SystemExit("the credentials are not accepted") from None
except mp.RateLimitError as limited:
    seconds = limited.retry_after
except mp.ServerError as broken:
    status = broken.status_code
except mp.APIError as refused:
    answer = refused.response_body
except mp.ResponseValidationError as odd:
    fields = odd.details

# One problem of a refused call: where it is, what it is
try:
    ws.query_funnel(["Purchase"])
except mp.BookmarkValidationError as refused:
    problem: mp.ValidationError = refused.errors[0]
    where = problem.path

# A value that a constructor cannot use
try:
    mp.FunnelBehavior(["View Item", " "])
except mp.ParamValidationError as refused:
    assert refused.code

# A value of the wrong type
try:
    mp.Filter.greater_than("order_total", "much")  # type: ignore[arg-type]  # the mistake
except mp.ParamTypeError as refused:
    assert "much" in refused.message

# More days than the service allows
try:
    next(iter(ws.stream_events(from_date="2020-01-01", to_date="2025-01-01")), None)
except mp.DateRangeTooLargeError as refused:
    assert refused.days_requested > refused.max_days

# A project that must not change
try:
    mp.Workspace(project="demo", allow_writes=False).delete_cohort(1)
except mp.WritesRefusedError as refused:
    assert "delete_cohort" in refused.message

# A folder without events
try:
    mp.Workspace(project="no/such/folder")
except mp.ProjectNotFoundError as missing:
    assert "no/such/folder" in missing.message

# A file that is no export
Path("notes.jsonl").write_text("bought milk\n")
try:
    mp.Workspace(project="notes.jsonl")
except mp.EventDataError as unreadable:
    assert "notes.jsonl" in unreadable.message

# A recording that does not hold the answer
recording = "asked.jsonl"
with mp.Workspace(project="demo", record=recording) as asked:
    asked.events()
try:
    mp.Workspace(replay=recording).property_values("platform", event="Login")
except mp.AnswerNotRecordedError as missing:
    assert missing.message

# A recording that would hold a secret: nothing is written
try:
    with mp.Workspace(project="demo", record="asked.jsonl") as asked:
        asked.events()
except mp.RecordingRefusedError as refused:
    reason = refused.message

# An account that is not configured, or configured already
try:
    mp.accounts.show("shop")
    mp.accounts.add("shop", type="oauth_browser", region="eu")
except mp.AccountNotFoundError as missing:
    assert missing.available_accounts == []
except mp.AccountExistsError:
    mp.accounts.update("shop", region="eu")

# An account that a target refers to
mp.accounts.add("shop", type="oauth_browser", region="eu")
mp.targets.add("web", account="shop", project=5)
try:
    mp.accounts.remove("shop")
except mp.AccountInUseError as used:
    assert used.referenced_by == ["web"]

# An account that is not logged in
mp.accounts.add("shop", type="oauth_browser", region="eu")
try:
    mp.accounts.token("shop")
except mp.OAuthError as refused:
    assert refused.code


# No region that knows an account's credentials, or none that can be reached
def add_somewhere(secret: str) -> None:
    try:
        mp.accounts.add("shop", type="service_account", username="etl", secret=secret)
    except mp.RegionProbeNetworkError:
        mp.accounts.add("shop", type="service_account", region="eu", username="etl", secret=secret)
    except mp.RegionProbeError as refused:
        raise SystemExit(refused.message) from None


# A live project without a workspace
try:
    number = ws.resolve_workspace_id()
except mp.WorkspaceScopeError as none:
    reason = none.message

# Settings that make no sense
try:
    mp.Workspace(account="nobody", project="5")
except mp.ConfigError as refused:
    assert "nobody" in refused.message

# A page that the manual does not have
try:
    mp.help("Filter.equal")
except mp.HelpLookupError as missing:
    assert missing.suggestions[0] == "Filter.equals"
