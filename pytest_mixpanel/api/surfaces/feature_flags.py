"""Feature flags: variants of the product and who sees which; their paths always name a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mixpanel.api.declare import Surface, delete, get, post, put

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.feature_flags import (
        CreateFeatureFlagParams,
        FeatureFlag,
        FlagHistoryResponse,
        FlagLimitsResponse,
        SetTestUsersParams,
        UpdateFeatureFlagParams,
    )


class FeatureFlags(Surface):
    @get("{W}/feature-flags/")
    def list_feature_flags(self, *, include_archived: bool = False) -> list[FeatureFlag]:
        """The project's flags, without archived ones unless they are asked for."""

    @post("{W}/feature-flags/")
    def create_feature_flag(self, params: CreateFeatureFlagParams) -> FeatureFlag:
        """Make a flag; its key must be new."""

    @get("{W}/feature-flags/{flag_id}/")
    def get_feature_flag(self, flag_id: str) -> FeatureFlag:
        """One flag."""

    @put("{W}/feature-flags/{flag_id}/")
    def update_feature_flag(self, flag_id: str, params: UpdateFeatureFlagParams) -> FeatureFlag:
        """Replace a flag."""

    @delete("{W}/feature-flags/{flag_id}/")
    def delete_feature_flag(self, flag_id: str) -> None:
        """Delete a flag; an enabled one is refused: disable it first."""

    @post("{W}/feature-flags/{flag_id}/archive/")
    def archive_feature_flag(self, flag_id: str) -> None:
        """Archive a flag: it leaves the list."""

    @delete("{W}/feature-flags/{flag_id}/archive/")
    def restore_feature_flag(self, flag_id: str) -> FeatureFlag:
        """Bring an archived flag back, disabled."""

    @post("{W}/feature-flags/{flag_id}/duplicate/")
    def duplicate_feature_flag(self, flag_id: str) -> FeatureFlag:
        """Copy a flag under another key, disabled."""

    @put("{W}/feature-flags/{flag_id}/test-users/")
    def set_flag_test_users(self, flag_id: str, params: SetTestUsersParams) -> None:
        """Say which variant test users see."""

    @get("{W}/feature-flags/{flag_id}/history/")
    def get_flag_history(
        self, flag_id: str, *, page: str | None = None, page_size: int | None = None
    ) -> FlagHistoryResponse:
        """What happened to a flag, the latest first, page by page from 1."""

    @get("{P}/feature-flags/limits/")
    def get_flag_limits(self) -> FlagLimitsResponse:
        """How many flags the plan allows and how many there are."""
