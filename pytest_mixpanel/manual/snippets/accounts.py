"""Accounts, targets and the active session, as kept in the configuration file."""

from pathlib import Path

import pytest_mixpanel as mp

shop = mp.accounts.add(
    "shop", type="service_account", region="eu", default_project=5, username="etl", secret="from a vault"
)

# Add an account whose token is in the environment
ci = mp.accounts.add("ci", type="oauth_token", region="us", token_env="CI_TOKEN")
assert ci.status == "needs_token"

# All accounts, and the active one
names = [account.name for account in mp.accounts.list()]
assert mp.accounts.show().name == "shop"

# Change an account, make it the active one
mp.accounts.update("shop", default_project=8)
mp.accounts.use("shop")

# Whether the service accepts an account; never raises
mp.accounts.add("ci", type="oauth_token", region="us", token_env="CI_TOKEN")
answer = mp.accounts.test("ci")
assert answer.ok or answer.error

# The bearer token of an account, for another client; a service account has none
assert mp.accounts.token("shop") is None


# Log in with the browser
def log_in() -> mp.OAuthLoginResult:
    mp.accounts.add("laptop", type="oauth_browser", region="in")
    return mp.accounts.login("laptop")


# Forget the tokens of an account, or all of it
mp.accounts.logout("shop")
mp.accounts.remove("shop")
assert mp.accounts.list() == []

# Lend an account to a machine without configuration
bridge = mp.accounts.export_bridge(to=Path("auth.json"), account="shop", project=5)
mp.accounts.remove_bridge(at=bridge)

# Save a combination of account, project and workspace, and use it
mp.targets.add("web", account="shop", project=5, workspace=50)
mp.targets.use("web")
assert mp.targets.show("web") in mp.targets.list()
mp.targets.remove("web")

# What is active, and changing it
mp.session.use(project=8)
assert mp.session.show().account == "shop"

# Read one page of the manual
mp.help("Workspace.query_funnel")

# A session of one's own making: account and project
account = mp.ServiceAccount(name="shop", region="eu", username="etl", secret="from a vault")
session = mp.Session(account=account, project=mp.Project(id="5"))
ws = mp.Workspace(session=session)
