"""Who is there: one user of one organization with one project and one workspace.

A local project has no accounts of its own; the answers have the service's shape.
"""

from __future__ import annotations

from typing import Any

ORGANIZATION_ID = 1
PROJECT_ID = 10
WORKSPACE_ID = 100
USER_ID = 1000
USER_NAME = "Local User"
EMAIL = "local@example.invalid"
ORGANIZATION = "Local"
WORKSPACE = "All Project Data"


def me(project: str, time_zone: str) -> dict[str, Any]:
    """The answer to "who am I, and what may I see?"."""
    return {
        "user_id": USER_ID,
        "user_email": EMAIL,
        "user_name": USER_NAME,
        "organizations": {
            str(ORGANIZATION_ID): {
                "id": ORGANIZATION_ID,
                "name": ORGANIZATION,
                "role": "owner",
                "permissions": ["edit_project_info"],
            }
        },
        "projects": {
            str(PROJECT_ID): {
                "id": PROJECT_ID,
                "name": project,
                "organization_id": ORGANIZATION_ID,
                "timezone": time_zone,
                "has_workspaces": True,
                "domain": "mixpanel.com",
                "type": "PROJECT",
            }
        },
        "workspaces": {str(WORKSPACE_ID): workspace()},
    }


def workspace() -> dict[str, Any]:
    """The project's one workspace, which holds all of its data."""
    return {
        "id": WORKSPACE_ID,
        "name": WORKSPACE,
        "project_id": PROJECT_ID,
        "is_default": True,
        "is_global": True,
        "is_restricted": False,
        "is_visible": True,
        "description": "",
        "creator_name": USER_NAME,
    }


def index(project: str) -> dict[str, Any]:
    """Every project with its workspaces, by id."""
    return {
        str(PROJECT_ID): {
            "id": PROJECT_ID,
            "name": project,
            "workspaces": {str(WORKSPACE_ID): workspace()},
        }
    }
