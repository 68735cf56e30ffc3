"""Tests for product analytics: funnels, retention and tracking plans as pytest checks.

The names below are loaded when they are first used; importing the package imports nothing else.
"""

from __future__ import annotations

from typing import Any

_HOMES = {
    "api.discovery": (
        "BookmarkInfo FunnelInfo LexiconDefinition LexiconMetadata LexiconProperty LexiconSchema "
        "SavedCohort SubPropertyInfo TopEvent"
    ),
    "api.entities.alerts": (
        "AlertBookmark AlertCount AlertCreator AlertFrequencyPreset AlertHistoryPagination "
        "AlertHistoryResponse AlertProject AlertScreenshotResponse AlertValidation AlertWorkspace "
        "CreateAlertParams CustomAlert UpdateAlertParams ValidateAlertsForBookmarkParams "
        "ValidateAlertsForBookmarkResponse"
    ),
    "api.entities.annotations": (
        "Annotation AnnotationTag AnnotationUser CreateAnnotationParams CreateAnnotationTagParams "
        "UpdateAnnotationParams"
    ),
    "api.entities.audits": (
        "AuditResponse AuditViolation BulkAnomalyEntry BulkUpdateAnomalyParams DataVolumeAnomaly "
        "UpdateAnomalyParams"
    ),
    "api.entities.blueprints": (
        "BlueprintCard BlueprintConfig BlueprintFinishParams BlueprintTemplate CreateRcaDashboardParams "
        "RcaSourceData"
    ),
    "api.entities.bookmarks": (
        "Bookmark BookmarkHistoryPagination BookmarkHistoryResponse BookmarkMetadata BookmarkType "
        "BulkUpdateBookmarkEntry CreateBookmarkParams UpdateBookmarkParams"
    ),
    "api.entities.business_context": "BUSINESS_CONTEXT_MAX_CHARS BusinessContext BusinessContextChain",
    "api.entities.cohorts": (
        "BulkUpdateCohortEntry Cohort CohortCreator CreateCohortParams UpdateCohortParams"
    ),
    "api.entities.custom_events": "CreateCustomEventParams CustomEvent CustomEventAlternative",
    "api.entities.custom_properties": (
        "ComposedPropertyValue CreateCustomPropertyParams CustomProperty CustomPropertyResourceType "
        "UpdateCustomPropertyParams"
    ),
    "api.entities.dashboards": (
        "CreateDashboardParams Dashboard DashboardRow DashboardRowContent UpdateDashboardParams "
        "UpdateReportLinkParams UpdateTextCardParams"
    ),
    "api.entities.definitions": (
        "BulkEventUpdate BulkPropertyUpdate BulkUpdateEventsParams BulkUpdatePropertiesParams "
        "EventDefinition PropertyDefinition PropertyResourceType UpdateEventDefinitionParams "
        "UpdatePropertyDefinitionParams"
    ),
    "api.entities.deletions": "CreateDeletionRequestParams EventDeletionRequest PreviewDeletionFiltersParams",
    "api.entities.drop_filters": (
        "CreateDropFilterParams DropFilter DropFilterLimitsResponse UpdateDropFilterParams"
    ),
    "api.entities.experiments": (
        "CreateExperimentParams DuplicateExperimentParams Experiment ExperimentConcludeParams "
        "ExperimentCreator ExperimentDecideParams ExperimentStatus UpdateExperimentParams"
    ),
    "api.entities.feature_flags": (
        "CreateFeatureFlagParams FeatureFlag FeatureFlagStatus FlagContractStatus FlagHistoryResponse "
        "FlagLimitsResponse ServingMethod SetTestUsersParams UpdateFeatureFlagParams"
    ),
    "api.entities.lexicon_tags": "CreateTagParams LexiconTag UpdateTagParams",
    "api.entities.lookup_tables": (
        "LookupTable LookupTableUploadUrl MarkLookupTableReadyParams UpdateLookupTableParams "
        "UploadLookupTableParams"
    ),
    "api.entities.schema_enforcement": (
        "InitSchemaEnforcementParams ReplaceSchemaEnforcementParams SchemaEnforcementConfig "
        "UpdateSchemaEnforcementParams"
    ),
    "api.entities.schemas": (
        "BulkCreateSchemasParams BulkCreateSchemasResponse BulkPatchResult DeleteSchemasResponse SchemaEntry"
    ),
    "api.entities.webhooks": (
        "CreateWebhookParams ProjectWebhook UpdateWebhookParams WebhookAuthType WebhookMutationResult "
        "WebhookTestParams WebhookTestResult"
    ),
    "api.members": "MeOrgInfo MeProjectInfo MeResponse MeWorkspaceInfo PublicWorkspace",
    "assertions": (
        "ClaimFailed assert_conversion assert_expectations assert_lexicon assert_no_conversion_drop "
        "assert_no_mix_shift assert_retention assert_volume"
    ),
    "core.errors": (
        "APIError AccountExistsError AccountInUseError AccountNotFoundError AnswerNotRecordedError "
        "AuthenticationError BookmarkValidationError BusinessContextValidationError ConfigError "
        "DateRangeTooLargeError EventDataError EventNotFoundError HelpLookupError InvalidArgumentError "
        "MixpanelHeadlessError OAuthError ParamTypeError ParamValidationError ProjectNotFoundError "
        "QueryError RateLimitError RecordingRefusedError RegionProbeError RegionProbeNetworkError "
        "ResponseValidationError ServerError ValidationError WorkspaceScopeError WritesRefusedError"
    ),
    "kinds.builders": "funnel mix properties retention volume",
    "manual.help": "help",
    "query.inputs.behaviors": "FunnelBehavior RetentionBehavior SimpleBehavior",
    "query.inputs.cohorts": "CohortBreakdown CohortCriteria CohortDefinition CohortMetric",
    "query.inputs.custom": "CustomPropertyRef InlineCustomProperty PropertyInput",
    "query.inputs.events": "Exclusion FunnelStep HoldingConstant RetentionEvent TimeComparison",
    "query.inputs.filters": "Filter",
    "query.inputs.flows": "FlowStep",
    "query.inputs.frequency": "FrequencyBreakdown FrequencyFilter",
    "query.inputs.groups": "GroupBy",
    "query.inputs.metrics": "Formula FunnelMetric Metric MetricRef RetentionMetric",
    "query.inputs.references": "BehaviorRef CustomEventRef",
    "query.inputs.vocabulary": (
        "CohortAggregationType ConversionWindowUnit CustomPropertyType FilterDateUnit FilterPropertyType "
        "FiltersCombinator FlowAnchorType FlowChartType FlowConversionWindowUnit FlowCountType FlowNodeType "
        "FlowSessionEvent FrequencyFilterOperator FunnelMathType FunnelMode FunnelOrder FunnelReentryMode "
        "HourDayUnit InsightsMode MathType PerUserAggregation QueryTimeUnit ResourceType RetentionAlignment "
        "RetentionMathType RetentionMode RetentionUnboundedMode SegmentMethod TimeComparisonType "
        "TimeComparisonUnit TimeUnit"
    ),
    "query.results.flow": "FlowQueryResult",
    "query.results.flow_tree": "FlowTreeNode",
    "query.results.funnel": "FunnelQueryResult",
    "query.results.insights": "QueryResult",
    "query.results.legacy.activity": "ActivityFeedResult UserEvent",
    "query.results.legacy.counts": (
        "EventCountsResult FrequencyResult NumericAverageResult NumericBucketResult NumericSumResult "
        "PropertyCountsResult SegmentationResult"
    ),
    "query.results.legacy.returns": "CohortInfo FunnelResult FunnelResultStep RetentionResult",
    "query.results.legacy.saved": "FlowsResult SavedReportResult",
    "query.results.retention": "RetentionQueryResult",
    "query.results.users": "UserQueryResult",
    "workspace.sessions": "accounts session targets",
    "workspace.sessions.accounts": "AccountSummary AccountTestResult OAuthLoginResult",
    "workspace.sessions.active": "ActiveSession",
    "workspace.sessions.model": (
        "Account OAuthBrowserAccount OAuthTokenAccount Project ServiceAccount Session Target WorkspaceRef"
    ),
    "workspace.workspace": "Workspace",
}
"""Where each public name is. Type checkers read ``__init__.pyi``, which docs/generate.py writes from this."""

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_near(name)}")


def _near(name: str) -> str:
    if name.startswith("_"):  # what Python and tools look for, mostly in vain
        return ""
    from pytest_mixpanel.core.words import instead

    return instead(name, __all__)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
