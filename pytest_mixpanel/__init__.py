"""Tests for product analytics: funnels, retention and tracking plans as pytest checks.

The names below are loaded when they are first used; importing the package imports nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mixpanel.api.discovery import (
        BookmarkInfo as BookmarkInfo,
        FunnelInfo as FunnelInfo,
        LexiconDefinition as LexiconDefinition,
        LexiconMetadata as LexiconMetadata,
        LexiconProperty as LexiconProperty,
        LexiconSchema as LexiconSchema,
        SavedCohort as SavedCohort,
        SubPropertyInfo as SubPropertyInfo,
        TopEvent as TopEvent,
    )
    from pytest_mixpanel.api.entities.alerts import (
        AlertBookmark as AlertBookmark,
        AlertCount as AlertCount,
        AlertCreator as AlertCreator,
        AlertFrequencyPreset as AlertFrequencyPreset,
        AlertHistoryPagination as AlertHistoryPagination,
        AlertHistoryResponse as AlertHistoryResponse,
        AlertProject as AlertProject,
        AlertScreenshotResponse as AlertScreenshotResponse,
        AlertValidation as AlertValidation,
        AlertWorkspace as AlertWorkspace,
        CreateAlertParams as CreateAlertParams,
        CustomAlert as CustomAlert,
        UpdateAlertParams as UpdateAlertParams,
        ValidateAlertsForBookmarkParams as ValidateAlertsForBookmarkParams,
        ValidateAlertsForBookmarkResponse as ValidateAlertsForBookmarkResponse,
    )
    from pytest_mixpanel.api.entities.annotations import (
        Annotation as Annotation,
        AnnotationTag as AnnotationTag,
        AnnotationUser as AnnotationUser,
        CreateAnnotationParams as CreateAnnotationParams,
        CreateAnnotationTagParams as CreateAnnotationTagParams,
        UpdateAnnotationParams as UpdateAnnotationParams,
    )
    from pytest_mixpanel.api.entities.audits import (
        AuditResponse as AuditResponse,
        AuditViolation as AuditViolation,
        BulkAnomalyEntry as BulkAnomalyEntry,
        BulkUpdateAnomalyParams as BulkUpdateAnomalyParams,
        DataVolumeAnomaly as DataVolumeAnomaly,
        UpdateAnomalyParams as UpdateAnomalyParams,
    )
    from pytest_mixpanel.api.entities.blueprints import (
        BlueprintCard as BlueprintCard,
        BlueprintConfig as BlueprintConfig,
        BlueprintFinishParams as BlueprintFinishParams,
        BlueprintTemplate as BlueprintTemplate,
        CreateRcaDashboardParams as CreateRcaDashboardParams,
        RcaSourceData as RcaSourceData,
    )
    from pytest_mixpanel.api.entities.bookmarks import (
        Bookmark as Bookmark,
        BookmarkHistoryPagination as BookmarkHistoryPagination,
        BookmarkHistoryResponse as BookmarkHistoryResponse,
        BookmarkMetadata as BookmarkMetadata,
        BookmarkType as BookmarkType,
        BulkUpdateBookmarkEntry as BulkUpdateBookmarkEntry,
        CreateBookmarkParams as CreateBookmarkParams,
        UpdateBookmarkParams as UpdateBookmarkParams,
    )
    from pytest_mixpanel.api.entities.business_context import (
        BUSINESS_CONTEXT_MAX_CHARS as BUSINESS_CONTEXT_MAX_CHARS,
        BusinessContext as BusinessContext,
        BusinessContextChain as BusinessContextChain,
    )
    from pytest_mixpanel.api.entities.cohorts import (
        BulkUpdateCohortEntry as BulkUpdateCohortEntry,
        Cohort as Cohort,
        CohortCreator as CohortCreator,
        CreateCohortParams as CreateCohortParams,
        UpdateCohortParams as UpdateCohortParams,
    )
    from pytest_mixpanel.api.entities.custom_events import (
        CreateCustomEventParams as CreateCustomEventParams,
        CustomEvent as CustomEvent,
        CustomEventAlternative as CustomEventAlternative,
    )
    from pytest_mixpanel.api.entities.custom_properties import (
        ComposedPropertyValue as ComposedPropertyValue,
        CreateCustomPropertyParams as CreateCustomPropertyParams,
        CustomProperty as CustomProperty,
        CustomPropertyResourceType as CustomPropertyResourceType,
        UpdateCustomPropertyParams as UpdateCustomPropertyParams,
    )
    from pytest_mixpanel.api.entities.dashboards import (
        CreateDashboardParams as CreateDashboardParams,
        Dashboard as Dashboard,
        DashboardRow as DashboardRow,
        DashboardRowContent as DashboardRowContent,
        UpdateDashboardParams as UpdateDashboardParams,
        UpdateReportLinkParams as UpdateReportLinkParams,
        UpdateTextCardParams as UpdateTextCardParams,
    )
    from pytest_mixpanel.api.entities.definitions import (
        BulkEventUpdate as BulkEventUpdate,
        BulkPropertyUpdate as BulkPropertyUpdate,
        BulkUpdateEventsParams as BulkUpdateEventsParams,
        BulkUpdatePropertiesParams as BulkUpdatePropertiesParams,
        EventDefinition as EventDefinition,
        PropertyDefinition as PropertyDefinition,
        PropertyResourceType as PropertyResourceType,
        UpdateEventDefinitionParams as UpdateEventDefinitionParams,
        UpdatePropertyDefinitionParams as UpdatePropertyDefinitionParams,
    )
    from pytest_mixpanel.api.entities.deletions import (
        CreateDeletionRequestParams as CreateDeletionRequestParams,
        EventDeletionRequest as EventDeletionRequest,
        PreviewDeletionFiltersParams as PreviewDeletionFiltersParams,
    )
    from pytest_mixpanel.api.entities.drop_filters import (
        CreateDropFilterParams as CreateDropFilterParams,
        DropFilter as DropFilter,
        DropFilterLimitsResponse as DropFilterLimitsResponse,
        UpdateDropFilterParams as UpdateDropFilterParams,
    )
    from pytest_mixpanel.api.entities.experiments import (
        CreateExperimentParams as CreateExperimentParams,
        DuplicateExperimentParams as DuplicateExperimentParams,
        Experiment as Experiment,
        ExperimentConcludeParams as ExperimentConcludeParams,
        ExperimentCreator as ExperimentCreator,
        ExperimentDecideParams as ExperimentDecideParams,
        ExperimentStatus as ExperimentStatus,
        UpdateExperimentParams as UpdateExperimentParams,
    )
    from pytest_mixpanel.api.entities.feature_flags import (
        CreateFeatureFlagParams as CreateFeatureFlagParams,
        FeatureFlag as FeatureFlag,
        FeatureFlagStatus as FeatureFlagStatus,
        FlagContractStatus as FlagContractStatus,
        FlagHistoryResponse as FlagHistoryResponse,
        FlagLimitsResponse as FlagLimitsResponse,
        ServingMethod as ServingMethod,
        SetTestUsersParams as SetTestUsersParams,
        UpdateFeatureFlagParams as UpdateFeatureFlagParams,
    )
    from pytest_mixpanel.api.entities.lexicon_tags import (
        CreateTagParams as CreateTagParams,
        LexiconTag as LexiconTag,
        UpdateTagParams as UpdateTagParams,
    )
    from pytest_mixpanel.api.entities.lookup_tables import (
        LookupTable as LookupTable,
        LookupTableUploadUrl as LookupTableUploadUrl,
        MarkLookupTableReadyParams as MarkLookupTableReadyParams,
        UpdateLookupTableParams as UpdateLookupTableParams,
        UploadLookupTableParams as UploadLookupTableParams,
    )
    from pytest_mixpanel.api.entities.schema_enforcement import (
        InitSchemaEnforcementParams as InitSchemaEnforcementParams,
        ReplaceSchemaEnforcementParams as ReplaceSchemaEnforcementParams,
        SchemaEnforcementConfig as SchemaEnforcementConfig,
        UpdateSchemaEnforcementParams as UpdateSchemaEnforcementParams,
    )
    from pytest_mixpanel.api.entities.schemas import (
        BulkCreateSchemasParams as BulkCreateSchemasParams,
        BulkCreateSchemasResponse as BulkCreateSchemasResponse,
        BulkPatchResult as BulkPatchResult,
        DeleteSchemasResponse as DeleteSchemasResponse,
        SchemaEntry as SchemaEntry,
    )
    from pytest_mixpanel.api.entities.webhooks import (
        CreateWebhookParams as CreateWebhookParams,
        ProjectWebhook as ProjectWebhook,
        UpdateWebhookParams as UpdateWebhookParams,
        WebhookAuthType as WebhookAuthType,
        WebhookMutationResult as WebhookMutationResult,
        WebhookTestParams as WebhookTestParams,
        WebhookTestResult as WebhookTestResult,
    )
    from pytest_mixpanel.api.members import (
        MeOrgInfo as MeOrgInfo,
        MeProjectInfo as MeProjectInfo,
        MeResponse as MeResponse,
        MeWorkspaceInfo as MeWorkspaceInfo,
        PublicWorkspace as PublicWorkspace,
    )
    from pytest_mixpanel.assertions import (
        ClaimFailed as ClaimFailed,
        assert_conversion as assert_conversion,
        assert_expectations as assert_expectations,
        assert_lexicon as assert_lexicon,
        assert_no_conversion_drop as assert_no_conversion_drop,
        assert_no_mix_shift as assert_no_mix_shift,
        assert_retention as assert_retention,
        assert_volume as assert_volume,
    )
    from pytest_mixpanel.core.errors import (
        AccountExistsError as AccountExistsError,
        AccountInUseError as AccountInUseError,
        AccountNotFoundError as AccountNotFoundError,
        AnswerNotRecordedError as AnswerNotRecordedError,
        APIError as APIError,
        AuthenticationError as AuthenticationError,
        BookmarkValidationError as BookmarkValidationError,
        BusinessContextValidationError as BusinessContextValidationError,
        ConfigError as ConfigError,
        DateRangeTooLargeError as DateRangeTooLargeError,
        EventDataError as EventDataError,
        EventNotFoundError as EventNotFoundError,
        HelpLookupError as HelpLookupError,
        InvalidArgumentError as InvalidArgumentError,
        MixpanelHeadlessError as MixpanelHeadlessError,
        OAuthError as OAuthError,
        ParamTypeError as ParamTypeError,
        ParamValidationError as ParamValidationError,
        ProjectNotFoundError as ProjectNotFoundError,
        QueryError as QueryError,
        RateLimitError as RateLimitError,
        RecordingRefusedError as RecordingRefusedError,
        RegionProbeError as RegionProbeError,
        RegionProbeNetworkError as RegionProbeNetworkError,
        ResponseValidationError as ResponseValidationError,
        ServerError as ServerError,
        ValidationError as ValidationError,
        WorkspaceScopeError as WorkspaceScopeError,
        WritesRefusedError as WritesRefusedError,
    )
    from pytest_mixpanel.kinds.builders import (
        funnel as funnel,
        mix as mix,
        properties as properties,
        retention as retention,
        volume as volume,
    )
    from pytest_mixpanel.manual.help import help as help
    from pytest_mixpanel.query.inputs.behaviors import (
        FunnelBehavior as FunnelBehavior,
        RetentionBehavior as RetentionBehavior,
        SimpleBehavior as SimpleBehavior,
    )
    from pytest_mixpanel.query.inputs.cohorts import (
        CohortBreakdown as CohortBreakdown,
        CohortCriteria as CohortCriteria,
        CohortDefinition as CohortDefinition,
        CohortMetric as CohortMetric,
    )
    from pytest_mixpanel.query.inputs.custom import (
        CustomPropertyRef as CustomPropertyRef,
        InlineCustomProperty as InlineCustomProperty,
        PropertyInput as PropertyInput,
    )
    from pytest_mixpanel.query.inputs.events import (
        Exclusion as Exclusion,
        FunnelStep as FunnelStep,
        HoldingConstant as HoldingConstant,
        RetentionEvent as RetentionEvent,
        TimeComparison as TimeComparison,
    )
    from pytest_mixpanel.query.inputs.filters import Filter as Filter
    from pytest_mixpanel.query.inputs.flows import FlowStep as FlowStep
    from pytest_mixpanel.query.inputs.frequency import (
        FrequencyBreakdown as FrequencyBreakdown,
        FrequencyFilter as FrequencyFilter,
    )
    from pytest_mixpanel.query.inputs.groups import GroupBy as GroupBy
    from pytest_mixpanel.query.inputs.metrics import (
        Formula as Formula,
        FunnelMetric as FunnelMetric,
        Metric as Metric,
        MetricRef as MetricRef,
        RetentionMetric as RetentionMetric,
    )
    from pytest_mixpanel.query.inputs.references import (
        BehaviorRef as BehaviorRef,
        CustomEventRef as CustomEventRef,
    )
    from pytest_mixpanel.query.inputs.vocabulary import (
        CohortAggregationType as CohortAggregationType,
        ConversionWindowUnit as ConversionWindowUnit,
        CustomPropertyType as CustomPropertyType,
        FilterDateUnit as FilterDateUnit,
        FilterPropertyType as FilterPropertyType,
        FiltersCombinator as FiltersCombinator,
        FlowAnchorType as FlowAnchorType,
        FlowChartType as FlowChartType,
        FlowConversionWindowUnit as FlowConversionWindowUnit,
        FlowCountType as FlowCountType,
        FlowNodeType as FlowNodeType,
        FlowSessionEvent as FlowSessionEvent,
        FrequencyFilterOperator as FrequencyFilterOperator,
        FunnelMathType as FunnelMathType,
        FunnelMode as FunnelMode,
        FunnelOrder as FunnelOrder,
        FunnelReentryMode as FunnelReentryMode,
        HourDayUnit as HourDayUnit,
        InsightsMode as InsightsMode,
        MathType as MathType,
        PerUserAggregation as PerUserAggregation,
        QueryTimeUnit as QueryTimeUnit,
        ResourceType as ResourceType,
        RetentionAlignment as RetentionAlignment,
        RetentionMathType as RetentionMathType,
        RetentionMode as RetentionMode,
        RetentionUnboundedMode as RetentionUnboundedMode,
        SegmentMethod as SegmentMethod,
        TimeComparisonType as TimeComparisonType,
        TimeComparisonUnit as TimeComparisonUnit,
        TimeUnit as TimeUnit,
    )
    from pytest_mixpanel.query.results.flow import FlowQueryResult as FlowQueryResult
    from pytest_mixpanel.query.results.flow_tree import FlowTreeNode as FlowTreeNode
    from pytest_mixpanel.query.results.funnel import FunnelQueryResult as FunnelQueryResult
    from pytest_mixpanel.query.results.insights import QueryResult as QueryResult
    from pytest_mixpanel.query.results.legacy.activity import (
        ActivityFeedResult as ActivityFeedResult,
        UserEvent as UserEvent,
    )
    from pytest_mixpanel.query.results.legacy.counts import (
        EventCountsResult as EventCountsResult,
        FrequencyResult as FrequencyResult,
        NumericAverageResult as NumericAverageResult,
        NumericBucketResult as NumericBucketResult,
        NumericSumResult as NumericSumResult,
        PropertyCountsResult as PropertyCountsResult,
        SegmentationResult as SegmentationResult,
    )
    from pytest_mixpanel.query.results.legacy.returns import (
        CohortInfo as CohortInfo,
        FunnelResult as FunnelResult,
        FunnelResultStep as FunnelResultStep,
        RetentionResult as RetentionResult,
    )
    from pytest_mixpanel.query.results.legacy.saved import (
        FlowsResult as FlowsResult,
        SavedReportResult as SavedReportResult,
    )
    from pytest_mixpanel.query.results.retention import RetentionQueryResult as RetentionQueryResult
    from pytest_mixpanel.query.results.users import UserQueryResult as UserQueryResult
    from pytest_mixpanel.workspace.sessions import (
        accounts as accounts,
        session as session,
        targets as targets,
    )
    from pytest_mixpanel.workspace.sessions.accounts import (
        AccountSummary as AccountSummary,
        AccountTestResult as AccountTestResult,
        OAuthLoginResult as OAuthLoginResult,
    )
    from pytest_mixpanel.workspace.sessions.active import ActiveSession as ActiveSession
    from pytest_mixpanel.workspace.sessions.model import (
        Account as Account,
        OAuthBrowserAccount as OAuthBrowserAccount,
        OAuthTokenAccount as OAuthTokenAccount,
        Project as Project,
        ServiceAccount as ServiceAccount,
        Session as Session,
        Target as Target,
        WorkspaceRef as WorkspaceRef,
    )
    from pytest_mixpanel.workspace.workspace import Workspace as Workspace

_HOMES = {
    "api.discovery": (
        "BookmarkInfo FunnelInfo LexiconDefinition LexiconMetadata LexiconProperty LexiconSchema SavedCohort "
        "SubPropertyInfo TopEvent"
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
    "api.entities.blueprints": (
        "BlueprintCard BlueprintConfig BlueprintFinishParams BlueprintTemplate "
        "CreateRcaDashboardParams RcaSourceData"
    ),
    "api.entities.bookmarks": (
        "Bookmark BookmarkHistoryPagination BookmarkHistoryResponse BookmarkMetadata BookmarkType "
        "BulkUpdateBookmarkEntry CreateBookmarkParams UpdateBookmarkParams"
    ),
    "api.entities.cohorts": (
        "BulkUpdateCohortEntry Cohort CohortCreator CreateCohortParams UpdateCohortParams"
    ),
    "api.entities.dashboards": (
        "CreateDashboardParams Dashboard DashboardRow DashboardRowContent UpdateDashboardParams "
        "UpdateReportLinkParams UpdateTextCardParams"
    ),
    "api.entities.experiments": (
        "CreateExperimentParams DuplicateExperimentParams Experiment ExperimentConcludeParams "
        "ExperimentCreator ExperimentDecideParams ExperimentStatus UpdateExperimentParams"
    ),
    "api.entities.feature_flags": (
        "CreateFeatureFlagParams FeatureFlag FeatureFlagStatus FlagContractStatus FlagHistoryResponse "
        "FlagLimitsResponse ServingMethod SetTestUsersParams UpdateFeatureFlagParams"
    ),
    "api.entities.webhooks": (
        "CreateWebhookParams ProjectWebhook UpdateWebhookParams WebhookAuthType WebhookMutationResult "
        "WebhookTestParams WebhookTestResult"
    ),
    "api.members": "MeOrgInfo MeProjectInfo MeResponse MeWorkspaceInfo PublicWorkspace",
    "api.entities.audits": (
        "AuditResponse AuditViolation BulkAnomalyEntry BulkUpdateAnomalyParams DataVolumeAnomaly "
        "UpdateAnomalyParams"
    ),
    "api.entities.business_context": "BUSINESS_CONTEXT_MAX_CHARS BusinessContext BusinessContextChain",
    "api.entities.custom_events": "CreateCustomEventParams CustomEvent CustomEventAlternative",
    "api.entities.custom_properties": (
        "ComposedPropertyValue CreateCustomPropertyParams CustomProperty CustomPropertyResourceType "
        "UpdateCustomPropertyParams"
    ),
    "api.entities.definitions": (
        "BulkEventUpdate BulkPropertyUpdate BulkUpdateEventsParams BulkUpdatePropertiesParams "
        "EventDefinition PropertyDefinition PropertyResourceType UpdateEventDefinitionParams "
        "UpdatePropertyDefinitionParams"
    ),
    "api.entities.deletions": (
        "CreateDeletionRequestParams EventDeletionRequest PreviewDeletionFiltersParams"
    ),
    "api.entities.drop_filters": (
        "CreateDropFilterParams DropFilter DropFilterLimitsResponse UpdateDropFilterParams"
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
    "query.inputs.cohorts": "CohortBreakdown CohortCriteria CohortDefinition CohortMetric",
    "query.inputs.custom": "CustomPropertyRef InlineCustomProperty PropertyInput",
    "query.inputs.flows": "FlowStep",
    "query.inputs.frequency": "FrequencyBreakdown FrequencyFilter",
    "query.inputs.events": ("Exclusion FunnelStep HoldingConstant RetentionEvent TimeComparison"),
    "query.inputs.behaviors": "FunnelBehavior RetentionBehavior SimpleBehavior",
    "query.inputs.metrics": "Formula FunnelMetric Metric MetricRef RetentionMetric",
    "query.inputs.references": "BehaviorRef CustomEventRef",
    "query.inputs.vocabulary": (
        "CohortAggregationType ConversionWindowUnit CustomPropertyType FilterDateUnit FilterPropertyType "
        "FiltersCombinator FlowAnchorType FlowChartType FlowConversionWindowUnit FlowCountType "
        "FlowNodeType FlowSessionEvent FrequencyFilterOperator FunnelMathType FunnelMode FunnelOrder "
        "FunnelReentryMode HourDayUnit InsightsMode MathType PerUserAggregation QueryTimeUnit "
        "ResourceType RetentionAlignment RetentionMathType RetentionMode RetentionUnboundedMode "
        "SegmentMethod TimeComparisonType TimeComparisonUnit TimeUnit"
    ),
    "query.inputs.filters": "Filter",
    "query.inputs.groups": "GroupBy",
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
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
