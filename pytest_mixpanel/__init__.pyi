# Written by docs/generate.py from the table in __init__.py.
from pytest_mixpanel.core.errors import APIError as APIError
from pytest_mixpanel.workspace.sessions.model import Account as Account
from pytest_mixpanel.core.errors import AccountExistsError as AccountExistsError
from pytest_mixpanel.core.errors import AccountInUseError as AccountInUseError
from pytest_mixpanel.core.errors import AccountNotFoundError as AccountNotFoundError
from pytest_mixpanel.workspace.sessions.accounts import AccountSummary as AccountSummary
from pytest_mixpanel.workspace.sessions.accounts import AccountTestResult as AccountTestResult
from pytest_mixpanel.workspace.sessions.active import ActiveSession as ActiveSession
from pytest_mixpanel.query.results.legacy.activity import ActivityFeedResult as ActivityFeedResult
from pytest_mixpanel.api.entities.alerts import AlertBookmark as AlertBookmark
from pytest_mixpanel.api.entities.alerts import AlertCount as AlertCount
from pytest_mixpanel.api.entities.alerts import AlertCreator as AlertCreator
from pytest_mixpanel.api.entities.alerts import AlertFrequencyPreset as AlertFrequencyPreset
from pytest_mixpanel.api.entities.alerts import AlertHistoryPagination as AlertHistoryPagination
from pytest_mixpanel.api.entities.alerts import AlertHistoryResponse as AlertHistoryResponse
from pytest_mixpanel.api.entities.alerts import AlertProject as AlertProject
from pytest_mixpanel.api.entities.alerts import AlertScreenshotResponse as AlertScreenshotResponse
from pytest_mixpanel.api.entities.alerts import AlertValidation as AlertValidation
from pytest_mixpanel.api.entities.alerts import AlertWorkspace as AlertWorkspace
from pytest_mixpanel.api.entities.annotations import Annotation as Annotation
from pytest_mixpanel.api.entities.annotations import AnnotationTag as AnnotationTag
from pytest_mixpanel.api.entities.annotations import AnnotationUser as AnnotationUser
from pytest_mixpanel.core.errors import AnswerNotRecordedError as AnswerNotRecordedError
from pytest_mixpanel.api.entities.audits import AuditResponse as AuditResponse
from pytest_mixpanel.api.entities.audits import AuditViolation as AuditViolation
from pytest_mixpanel.core.errors import AuthenticationError as AuthenticationError
from pytest_mixpanel.api.entities.business_context import BUSINESS_CONTEXT_MAX_CHARS as BUSINESS_CONTEXT_MAX_CHARS
from pytest_mixpanel.query.inputs.references import BehaviorRef as BehaviorRef
from pytest_mixpanel.api.entities.blueprints import BlueprintCard as BlueprintCard
from pytest_mixpanel.api.entities.blueprints import BlueprintConfig as BlueprintConfig
from pytest_mixpanel.api.entities.blueprints import BlueprintFinishParams as BlueprintFinishParams
from pytest_mixpanel.api.entities.blueprints import BlueprintTemplate as BlueprintTemplate
from pytest_mixpanel.api.entities.bookmarks import Bookmark as Bookmark
from pytest_mixpanel.api.entities.bookmarks import BookmarkHistoryPagination as BookmarkHistoryPagination
from pytest_mixpanel.api.entities.bookmarks import BookmarkHistoryResponse as BookmarkHistoryResponse
from pytest_mixpanel.api.discovery import BookmarkInfo as BookmarkInfo
from pytest_mixpanel.api.entities.bookmarks import BookmarkMetadata as BookmarkMetadata
from pytest_mixpanel.api.entities.bookmarks import BookmarkType as BookmarkType
from pytest_mixpanel.core.errors import BookmarkValidationError as BookmarkValidationError
from pytest_mixpanel.api.entities.audits import BulkAnomalyEntry as BulkAnomalyEntry
from pytest_mixpanel.api.entities.schemas import BulkCreateSchemasParams as BulkCreateSchemasParams
from pytest_mixpanel.api.entities.schemas import BulkCreateSchemasResponse as BulkCreateSchemasResponse
from pytest_mixpanel.api.entities.definitions import BulkEventUpdate as BulkEventUpdate
from pytest_mixpanel.api.entities.schemas import BulkPatchResult as BulkPatchResult
from pytest_mixpanel.api.entities.definitions import BulkPropertyUpdate as BulkPropertyUpdate
from pytest_mixpanel.api.entities.audits import BulkUpdateAnomalyParams as BulkUpdateAnomalyParams
from pytest_mixpanel.api.entities.bookmarks import BulkUpdateBookmarkEntry as BulkUpdateBookmarkEntry
from pytest_mixpanel.api.entities.cohorts import BulkUpdateCohortEntry as BulkUpdateCohortEntry
from pytest_mixpanel.api.entities.definitions import BulkUpdateEventsParams as BulkUpdateEventsParams
from pytest_mixpanel.api.entities.definitions import BulkUpdatePropertiesParams as BulkUpdatePropertiesParams
from pytest_mixpanel.api.entities.business_context import BusinessContext as BusinessContext
from pytest_mixpanel.api.entities.business_context import BusinessContextChain as BusinessContextChain
from pytest_mixpanel.core.errors import BusinessContextValidationError as BusinessContextValidationError
from pytest_mixpanel.assertions import ClaimFailed as ClaimFailed
from pytest_mixpanel.api.entities.cohorts import Cohort as Cohort
from pytest_mixpanel.query.inputs.vocabulary import CohortAggregationType as CohortAggregationType
from pytest_mixpanel.query.inputs.cohorts import CohortBreakdown as CohortBreakdown
from pytest_mixpanel.api.entities.cohorts import CohortCreator as CohortCreator
from pytest_mixpanel.query.inputs.cohorts import CohortCriteria as CohortCriteria
from pytest_mixpanel.query.inputs.cohorts import CohortDefinition as CohortDefinition
from pytest_mixpanel.query.results.legacy.returns import CohortInfo as CohortInfo
from pytest_mixpanel.query.inputs.cohorts import CohortMetric as CohortMetric
from pytest_mixpanel.api.entities.custom_properties import ComposedPropertyValue as ComposedPropertyValue
from pytest_mixpanel.core.errors import ConfigError as ConfigError
from pytest_mixpanel.query.inputs.vocabulary import ConversionWindowUnit as ConversionWindowUnit
from pytest_mixpanel.api.entities.alerts import CreateAlertParams as CreateAlertParams
from pytest_mixpanel.api.entities.annotations import CreateAnnotationParams as CreateAnnotationParams
from pytest_mixpanel.api.entities.annotations import CreateAnnotationTagParams as CreateAnnotationTagParams
from pytest_mixpanel.api.entities.bookmarks import CreateBookmarkParams as CreateBookmarkParams
from pytest_mixpanel.api.entities.cohorts import CreateCohortParams as CreateCohortParams
from pytest_mixpanel.api.entities.custom_events import CreateCustomEventParams as CreateCustomEventParams
from pytest_mixpanel.api.entities.custom_properties import CreateCustomPropertyParams as CreateCustomPropertyParams
from pytest_mixpanel.api.entities.dashboards import CreateDashboardParams as CreateDashboardParams
from pytest_mixpanel.api.entities.deletions import CreateDeletionRequestParams as CreateDeletionRequestParams
from pytest_mixpanel.api.entities.drop_filters import CreateDropFilterParams as CreateDropFilterParams
from pytest_mixpanel.api.entities.experiments import CreateExperimentParams as CreateExperimentParams
from pytest_mixpanel.api.entities.feature_flags import CreateFeatureFlagParams as CreateFeatureFlagParams
from pytest_mixpanel.api.entities.blueprints import CreateRcaDashboardParams as CreateRcaDashboardParams
from pytest_mixpanel.api.entities.lexicon_tags import CreateTagParams as CreateTagParams
from pytest_mixpanel.api.entities.webhooks import CreateWebhookParams as CreateWebhookParams
from pytest_mixpanel.api.entities.alerts import CustomAlert as CustomAlert
from pytest_mixpanel.api.entities.custom_events import CustomEvent as CustomEvent
from pytest_mixpanel.api.entities.custom_events import CustomEventAlternative as CustomEventAlternative
from pytest_mixpanel.query.inputs.references import CustomEventRef as CustomEventRef
from pytest_mixpanel.api.entities.custom_properties import CustomProperty as CustomProperty
from pytest_mixpanel.query.inputs.custom import CustomPropertyRef as CustomPropertyRef
from pytest_mixpanel.api.entities.custom_properties import CustomPropertyResourceType as CustomPropertyResourceType
from pytest_mixpanel.query.inputs.vocabulary import CustomPropertyType as CustomPropertyType
from pytest_mixpanel.api.entities.dashboards import Dashboard as Dashboard
from pytest_mixpanel.api.entities.dashboards import DashboardRow as DashboardRow
from pytest_mixpanel.api.entities.dashboards import DashboardRowContent as DashboardRowContent
from pytest_mixpanel.api.entities.audits import DataVolumeAnomaly as DataVolumeAnomaly
from pytest_mixpanel.core.errors import DateRangeTooLargeError as DateRangeTooLargeError
from pytest_mixpanel.api.entities.schemas import DeleteSchemasResponse as DeleteSchemasResponse
from pytest_mixpanel.api.entities.drop_filters import DropFilter as DropFilter
from pytest_mixpanel.api.entities.drop_filters import DropFilterLimitsResponse as DropFilterLimitsResponse
from pytest_mixpanel.api.entities.experiments import DuplicateExperimentParams as DuplicateExperimentParams
from pytest_mixpanel.query.results.legacy.counts import EventCountsResult as EventCountsResult
from pytest_mixpanel.core.errors import EventDataError as EventDataError
from pytest_mixpanel.api.entities.definitions import EventDefinition as EventDefinition
from pytest_mixpanel.api.entities.deletions import EventDeletionRequest as EventDeletionRequest
from pytest_mixpanel.core.errors import EventNotFoundError as EventNotFoundError
from pytest_mixpanel.query.inputs.events import Exclusion as Exclusion
from pytest_mixpanel.api.entities.experiments import Experiment as Experiment
from pytest_mixpanel.api.entities.experiments import ExperimentConcludeParams as ExperimentConcludeParams
from pytest_mixpanel.api.entities.experiments import ExperimentCreator as ExperimentCreator
from pytest_mixpanel.api.entities.experiments import ExperimentDecideParams as ExperimentDecideParams
from pytest_mixpanel.api.entities.experiments import ExperimentStatus as ExperimentStatus
from pytest_mixpanel.api.entities.feature_flags import FeatureFlag as FeatureFlag
from pytest_mixpanel.api.entities.feature_flags import FeatureFlagStatus as FeatureFlagStatus
from pytest_mixpanel.query.inputs.filters import Filter as Filter
from pytest_mixpanel.query.inputs.vocabulary import FilterDateUnit as FilterDateUnit
from pytest_mixpanel.query.inputs.vocabulary import FilterPropertyType as FilterPropertyType
from pytest_mixpanel.query.inputs.vocabulary import FiltersCombinator as FiltersCombinator
from pytest_mixpanel.api.entities.feature_flags import FlagContractStatus as FlagContractStatus
from pytest_mixpanel.api.entities.feature_flags import FlagHistoryResponse as FlagHistoryResponse
from pytest_mixpanel.api.entities.feature_flags import FlagLimitsResponse as FlagLimitsResponse
from pytest_mixpanel.query.inputs.vocabulary import FlowAnchorType as FlowAnchorType
from pytest_mixpanel.query.inputs.vocabulary import FlowChartType as FlowChartType
from pytest_mixpanel.query.inputs.vocabulary import FlowConversionWindowUnit as FlowConversionWindowUnit
from pytest_mixpanel.query.inputs.vocabulary import FlowCountType as FlowCountType
from pytest_mixpanel.query.inputs.vocabulary import FlowNodeType as FlowNodeType
from pytest_mixpanel.query.results.flow import FlowQueryResult as FlowQueryResult
from pytest_mixpanel.query.inputs.vocabulary import FlowSessionEvent as FlowSessionEvent
from pytest_mixpanel.query.inputs.flows import FlowStep as FlowStep
from pytest_mixpanel.query.results.flow_tree import FlowTreeNode as FlowTreeNode
from pytest_mixpanel.query.results.legacy.saved import FlowsResult as FlowsResult
from pytest_mixpanel.query.inputs.metrics import Formula as Formula
from pytest_mixpanel.query.inputs.frequency import FrequencyBreakdown as FrequencyBreakdown
from pytest_mixpanel.query.inputs.frequency import FrequencyFilter as FrequencyFilter
from pytest_mixpanel.query.inputs.vocabulary import FrequencyFilterOperator as FrequencyFilterOperator
from pytest_mixpanel.query.results.legacy.counts import FrequencyResult as FrequencyResult
from pytest_mixpanel.query.inputs.behaviors import FunnelBehavior as FunnelBehavior
from pytest_mixpanel.api.discovery import FunnelInfo as FunnelInfo
from pytest_mixpanel.query.inputs.vocabulary import FunnelMathType as FunnelMathType
from pytest_mixpanel.query.inputs.metrics import FunnelMetric as FunnelMetric
from pytest_mixpanel.query.inputs.vocabulary import FunnelMode as FunnelMode
from pytest_mixpanel.query.inputs.vocabulary import FunnelOrder as FunnelOrder
from pytest_mixpanel.query.results.funnel import FunnelQueryResult as FunnelQueryResult
from pytest_mixpanel.query.inputs.vocabulary import FunnelReentryMode as FunnelReentryMode
from pytest_mixpanel.query.results.legacy.returns import FunnelResult as FunnelResult
from pytest_mixpanel.query.results.legacy.returns import FunnelResultStep as FunnelResultStep
from pytest_mixpanel.query.inputs.events import FunnelStep as FunnelStep
from pytest_mixpanel.query.inputs.groups import GroupBy as GroupBy
from pytest_mixpanel.core.errors import HelpLookupError as HelpLookupError
from pytest_mixpanel.query.inputs.events import HoldingConstant as HoldingConstant
from pytest_mixpanel.query.inputs.vocabulary import HourDayUnit as HourDayUnit
from pytest_mixpanel.api.entities.schema_enforcement import InitSchemaEnforcementParams as InitSchemaEnforcementParams
from pytest_mixpanel.query.inputs.custom import InlineCustomProperty as InlineCustomProperty
from pytest_mixpanel.query.inputs.vocabulary import InsightsMode as InsightsMode
from pytest_mixpanel.core.errors import InvalidArgumentError as InvalidArgumentError
from pytest_mixpanel.api.discovery import LexiconDefinition as LexiconDefinition
from pytest_mixpanel.api.discovery import LexiconMetadata as LexiconMetadata
from pytest_mixpanel.api.discovery import LexiconProperty as LexiconProperty
from pytest_mixpanel.api.discovery import LexiconSchema as LexiconSchema
from pytest_mixpanel.api.entities.lexicon_tags import LexiconTag as LexiconTag
from pytest_mixpanel.api.entities.lookup_tables import LookupTable as LookupTable
from pytest_mixpanel.api.entities.lookup_tables import LookupTableUploadUrl as LookupTableUploadUrl
from pytest_mixpanel.api.entities.lookup_tables import MarkLookupTableReadyParams as MarkLookupTableReadyParams
from pytest_mixpanel.query.inputs.vocabulary import MathType as MathType
from pytest_mixpanel.api.members import MeOrgInfo as MeOrgInfo
from pytest_mixpanel.api.members import MeProjectInfo as MeProjectInfo
from pytest_mixpanel.api.members import MeResponse as MeResponse
from pytest_mixpanel.api.members import MeWorkspaceInfo as MeWorkspaceInfo
from pytest_mixpanel.query.inputs.metrics import Metric as Metric
from pytest_mixpanel.query.inputs.metrics import MetricRef as MetricRef
from pytest_mixpanel.core.errors import MixpanelHeadlessError as MixpanelHeadlessError
from pytest_mixpanel.query.results.legacy.counts import NumericAverageResult as NumericAverageResult
from pytest_mixpanel.query.results.legacy.counts import NumericBucketResult as NumericBucketResult
from pytest_mixpanel.query.results.legacy.counts import NumericSumResult as NumericSumResult
from pytest_mixpanel.workspace.sessions.model import OAuthBrowserAccount as OAuthBrowserAccount
from pytest_mixpanel.core.errors import OAuthError as OAuthError
from pytest_mixpanel.workspace.sessions.accounts import OAuthLoginResult as OAuthLoginResult
from pytest_mixpanel.workspace.sessions.model import OAuthTokenAccount as OAuthTokenAccount
from pytest_mixpanel.core.errors import ParamTypeError as ParamTypeError
from pytest_mixpanel.core.errors import ParamValidationError as ParamValidationError
from pytest_mixpanel.query.inputs.vocabulary import PerUserAggregation as PerUserAggregation
from pytest_mixpanel.api.entities.deletions import PreviewDeletionFiltersParams as PreviewDeletionFiltersParams
from pytest_mixpanel.workspace.sessions.model import Project as Project
from pytest_mixpanel.core.errors import ProjectNotFoundError as ProjectNotFoundError
from pytest_mixpanel.api.entities.webhooks import ProjectWebhook as ProjectWebhook
from pytest_mixpanel.query.results.legacy.counts import PropertyCountsResult as PropertyCountsResult
from pytest_mixpanel.api.entities.definitions import PropertyDefinition as PropertyDefinition
from pytest_mixpanel.query.inputs.custom import PropertyInput as PropertyInput
from pytest_mixpanel.api.entities.definitions import PropertyResourceType as PropertyResourceType
from pytest_mixpanel.api.members import PublicWorkspace as PublicWorkspace
from pytest_mixpanel.core.errors import QueryError as QueryError
from pytest_mixpanel.query.results.insights import QueryResult as QueryResult
from pytest_mixpanel.query.inputs.vocabulary import QueryTimeUnit as QueryTimeUnit
from pytest_mixpanel.core.errors import RateLimitError as RateLimitError
from pytest_mixpanel.api.entities.blueprints import RcaSourceData as RcaSourceData
from pytest_mixpanel.core.errors import RecordingRefusedError as RecordingRefusedError
from pytest_mixpanel.core.errors import RegionProbeError as RegionProbeError
from pytest_mixpanel.core.errors import RegionProbeNetworkError as RegionProbeNetworkError
from pytest_mixpanel.api.entities.schema_enforcement import ReplaceSchemaEnforcementParams as ReplaceSchemaEnforcementParams
from pytest_mixpanel.query.inputs.vocabulary import ResourceType as ResourceType
from pytest_mixpanel.core.errors import ResponseValidationError as ResponseValidationError
from pytest_mixpanel.query.inputs.vocabulary import RetentionAlignment as RetentionAlignment
from pytest_mixpanel.query.inputs.behaviors import RetentionBehavior as RetentionBehavior
from pytest_mixpanel.query.inputs.events import RetentionEvent as RetentionEvent
from pytest_mixpanel.query.inputs.vocabulary import RetentionMathType as RetentionMathType
from pytest_mixpanel.query.inputs.metrics import RetentionMetric as RetentionMetric
from pytest_mixpanel.query.inputs.vocabulary import RetentionMode as RetentionMode
from pytest_mixpanel.query.results.retention import RetentionQueryResult as RetentionQueryResult
from pytest_mixpanel.query.results.legacy.returns import RetentionResult as RetentionResult
from pytest_mixpanel.query.inputs.vocabulary import RetentionUnboundedMode as RetentionUnboundedMode
from pytest_mixpanel.api.discovery import SavedCohort as SavedCohort
from pytest_mixpanel.query.results.legacy.saved import SavedReportResult as SavedReportResult
from pytest_mixpanel.api.entities.schema_enforcement import SchemaEnforcementConfig as SchemaEnforcementConfig
from pytest_mixpanel.api.entities.schemas import SchemaEntry as SchemaEntry
from pytest_mixpanel.query.inputs.vocabulary import SegmentMethod as SegmentMethod
from pytest_mixpanel.query.results.legacy.counts import SegmentationResult as SegmentationResult
from pytest_mixpanel.core.errors import ServerError as ServerError
from pytest_mixpanel.workspace.sessions.model import ServiceAccount as ServiceAccount
from pytest_mixpanel.api.entities.feature_flags import ServingMethod as ServingMethod
from pytest_mixpanel.workspace.sessions.model import Session as Session
from pytest_mixpanel.api.entities.feature_flags import SetTestUsersParams as SetTestUsersParams
from pytest_mixpanel.query.inputs.behaviors import SimpleBehavior as SimpleBehavior
from pytest_mixpanel.api.discovery import SubPropertyInfo as SubPropertyInfo
from pytest_mixpanel.workspace.sessions.model import Target as Target
from pytest_mixpanel.query.inputs.events import TimeComparison as TimeComparison
from pytest_mixpanel.query.inputs.vocabulary import TimeComparisonType as TimeComparisonType
from pytest_mixpanel.query.inputs.vocabulary import TimeComparisonUnit as TimeComparisonUnit
from pytest_mixpanel.query.inputs.vocabulary import TimeUnit as TimeUnit
from pytest_mixpanel.api.discovery import TopEvent as TopEvent
from pytest_mixpanel.api.entities.alerts import UpdateAlertParams as UpdateAlertParams
from pytest_mixpanel.api.entities.annotations import UpdateAnnotationParams as UpdateAnnotationParams
from pytest_mixpanel.api.entities.audits import UpdateAnomalyParams as UpdateAnomalyParams
from pytest_mixpanel.api.entities.bookmarks import UpdateBookmarkParams as UpdateBookmarkParams
from pytest_mixpanel.api.entities.cohorts import UpdateCohortParams as UpdateCohortParams
from pytest_mixpanel.api.entities.custom_properties import UpdateCustomPropertyParams as UpdateCustomPropertyParams
from pytest_mixpanel.api.entities.dashboards import UpdateDashboardParams as UpdateDashboardParams
from pytest_mixpanel.api.entities.drop_filters import UpdateDropFilterParams as UpdateDropFilterParams
from pytest_mixpanel.api.entities.definitions import UpdateEventDefinitionParams as UpdateEventDefinitionParams
from pytest_mixpanel.api.entities.experiments import UpdateExperimentParams as UpdateExperimentParams
from pytest_mixpanel.api.entities.feature_flags import UpdateFeatureFlagParams as UpdateFeatureFlagParams
from pytest_mixpanel.api.entities.lookup_tables import UpdateLookupTableParams as UpdateLookupTableParams
from pytest_mixpanel.api.entities.definitions import UpdatePropertyDefinitionParams as UpdatePropertyDefinitionParams
from pytest_mixpanel.api.entities.dashboards import UpdateReportLinkParams as UpdateReportLinkParams
from pytest_mixpanel.api.entities.schema_enforcement import UpdateSchemaEnforcementParams as UpdateSchemaEnforcementParams
from pytest_mixpanel.api.entities.lexicon_tags import UpdateTagParams as UpdateTagParams
from pytest_mixpanel.api.entities.dashboards import UpdateTextCardParams as UpdateTextCardParams
from pytest_mixpanel.api.entities.webhooks import UpdateWebhookParams as UpdateWebhookParams
from pytest_mixpanel.api.entities.lookup_tables import UploadLookupTableParams as UploadLookupTableParams
from pytest_mixpanel.query.results.legacy.activity import UserEvent as UserEvent
from pytest_mixpanel.query.results.users import UserQueryResult as UserQueryResult
from pytest_mixpanel.api.entities.alerts import ValidateAlertsForBookmarkParams as ValidateAlertsForBookmarkParams
from pytest_mixpanel.api.entities.alerts import ValidateAlertsForBookmarkResponse as ValidateAlertsForBookmarkResponse
from pytest_mixpanel.core.errors import ValidationError as ValidationError
from pytest_mixpanel.api.entities.webhooks import WebhookAuthType as WebhookAuthType
from pytest_mixpanel.api.entities.webhooks import WebhookMutationResult as WebhookMutationResult
from pytest_mixpanel.api.entities.webhooks import WebhookTestParams as WebhookTestParams
from pytest_mixpanel.api.entities.webhooks import WebhookTestResult as WebhookTestResult
from pytest_mixpanel.workspace.workspace import Workspace as Workspace
from pytest_mixpanel.workspace.sessions.model import WorkspaceRef as WorkspaceRef
from pytest_mixpanel.core.errors import WorkspaceScopeError as WorkspaceScopeError
from pytest_mixpanel.core.errors import WritesRefusedError as WritesRefusedError
from pytest_mixpanel.workspace.sessions import accounts as accounts
from pytest_mixpanel.assertions import assert_conversion as assert_conversion
from pytest_mixpanel.assertions import assert_expectations as assert_expectations
from pytest_mixpanel.assertions import assert_lexicon as assert_lexicon
from pytest_mixpanel.assertions import assert_no_conversion_drop as assert_no_conversion_drop
from pytest_mixpanel.assertions import assert_no_mix_shift as assert_no_mix_shift
from pytest_mixpanel.assertions import assert_retention as assert_retention
from pytest_mixpanel.assertions import assert_volume as assert_volume
from pytest_mixpanel.kinds.builders import funnel as funnel
from pytest_mixpanel.manual.help import help as help
from pytest_mixpanel.kinds.builders import mix as mix
from pytest_mixpanel.kinds.builders import properties as properties
from pytest_mixpanel.kinds.builders import retention as retention
from pytest_mixpanel.workspace.sessions import session as session
from pytest_mixpanel.workspace.sessions import targets as targets
from pytest_mixpanel.kinds.builders import volume as volume

_HOME_OF: dict[str, str]
__all__ = [
    "APIError",
    "Account",
    "AccountExistsError",
    "AccountInUseError",
    "AccountNotFoundError",
    "AccountSummary",
    "AccountTestResult",
    "ActiveSession",
    "ActivityFeedResult",
    "AlertBookmark",
    "AlertCount",
    "AlertCreator",
    "AlertFrequencyPreset",
    "AlertHistoryPagination",
    "AlertHistoryResponse",
    "AlertProject",
    "AlertScreenshotResponse",
    "AlertValidation",
    "AlertWorkspace",
    "Annotation",
    "AnnotationTag",
    "AnnotationUser",
    "AnswerNotRecordedError",
    "AuditResponse",
    "AuditViolation",
    "AuthenticationError",
    "BUSINESS_CONTEXT_MAX_CHARS",
    "BehaviorRef",
    "BlueprintCard",
    "BlueprintConfig",
    "BlueprintFinishParams",
    "BlueprintTemplate",
    "Bookmark",
    "BookmarkHistoryPagination",
    "BookmarkHistoryResponse",
    "BookmarkInfo",
    "BookmarkMetadata",
    "BookmarkType",
    "BookmarkValidationError",
    "BulkAnomalyEntry",
    "BulkCreateSchemasParams",
    "BulkCreateSchemasResponse",
    "BulkEventUpdate",
    "BulkPatchResult",
    "BulkPropertyUpdate",
    "BulkUpdateAnomalyParams",
    "BulkUpdateBookmarkEntry",
    "BulkUpdateCohortEntry",
    "BulkUpdateEventsParams",
    "BulkUpdatePropertiesParams",
    "BusinessContext",
    "BusinessContextChain",
    "BusinessContextValidationError",
    "ClaimFailed",
    "Cohort",
    "CohortAggregationType",
    "CohortBreakdown",
    "CohortCreator",
    "CohortCriteria",
    "CohortDefinition",
    "CohortInfo",
    "CohortMetric",
    "ComposedPropertyValue",
    "ConfigError",
    "ConversionWindowUnit",
    "CreateAlertParams",
    "CreateAnnotationParams",
    "CreateAnnotationTagParams",
    "CreateBookmarkParams",
    "CreateCohortParams",
    "CreateCustomEventParams",
    "CreateCustomPropertyParams",
    "CreateDashboardParams",
    "CreateDeletionRequestParams",
    "CreateDropFilterParams",
    "CreateExperimentParams",
    "CreateFeatureFlagParams",
    "CreateRcaDashboardParams",
    "CreateTagParams",
    "CreateWebhookParams",
    "CustomAlert",
    "CustomEvent",
    "CustomEventAlternative",
    "CustomEventRef",
    "CustomProperty",
    "CustomPropertyRef",
    "CustomPropertyResourceType",
    "CustomPropertyType",
    "Dashboard",
    "DashboardRow",
    "DashboardRowContent",
    "DataVolumeAnomaly",
    "DateRangeTooLargeError",
    "DeleteSchemasResponse",
    "DropFilter",
    "DropFilterLimitsResponse",
    "DuplicateExperimentParams",
    "EventCountsResult",
    "EventDataError",
    "EventDefinition",
    "EventDeletionRequest",
    "EventNotFoundError",
    "Exclusion",
    "Experiment",
    "ExperimentConcludeParams",
    "ExperimentCreator",
    "ExperimentDecideParams",
    "ExperimentStatus",
    "FeatureFlag",
    "FeatureFlagStatus",
    "Filter",
    "FilterDateUnit",
    "FilterPropertyType",
    "FiltersCombinator",
    "FlagContractStatus",
    "FlagHistoryResponse",
    "FlagLimitsResponse",
    "FlowAnchorType",
    "FlowChartType",
    "FlowConversionWindowUnit",
    "FlowCountType",
    "FlowNodeType",
    "FlowQueryResult",
    "FlowSessionEvent",
    "FlowStep",
    "FlowTreeNode",
    "FlowsResult",
    "Formula",
    "FrequencyBreakdown",
    "FrequencyFilter",
    "FrequencyFilterOperator",
    "FrequencyResult",
    "FunnelBehavior",
    "FunnelInfo",
    "FunnelMathType",
    "FunnelMetric",
    "FunnelMode",
    "FunnelOrder",
    "FunnelQueryResult",
    "FunnelReentryMode",
    "FunnelResult",
    "FunnelResultStep",
    "FunnelStep",
    "GroupBy",
    "HelpLookupError",
    "HoldingConstant",
    "HourDayUnit",
    "InitSchemaEnforcementParams",
    "InlineCustomProperty",
    "InsightsMode",
    "InvalidArgumentError",
    "LexiconDefinition",
    "LexiconMetadata",
    "LexiconProperty",
    "LexiconSchema",
    "LexiconTag",
    "LookupTable",
    "LookupTableUploadUrl",
    "MarkLookupTableReadyParams",
    "MathType",
    "MeOrgInfo",
    "MeProjectInfo",
    "MeResponse",
    "MeWorkspaceInfo",
    "Metric",
    "MetricRef",
    "MixpanelHeadlessError",
    "NumericAverageResult",
    "NumericBucketResult",
    "NumericSumResult",
    "OAuthBrowserAccount",
    "OAuthError",
    "OAuthLoginResult",
    "OAuthTokenAccount",
    "ParamTypeError",
    "ParamValidationError",
    "PerUserAggregation",
    "PreviewDeletionFiltersParams",
    "Project",
    "ProjectNotFoundError",
    "ProjectWebhook",
    "PropertyCountsResult",
    "PropertyDefinition",
    "PropertyInput",
    "PropertyResourceType",
    "PublicWorkspace",
    "QueryError",
    "QueryResult",
    "QueryTimeUnit",
    "RateLimitError",
    "RcaSourceData",
    "RecordingRefusedError",
    "RegionProbeError",
    "RegionProbeNetworkError",
    "ReplaceSchemaEnforcementParams",
    "ResourceType",
    "ResponseValidationError",
    "RetentionAlignment",
    "RetentionBehavior",
    "RetentionEvent",
    "RetentionMathType",
    "RetentionMetric",
    "RetentionMode",
    "RetentionQueryResult",
    "RetentionResult",
    "RetentionUnboundedMode",
    "SavedCohort",
    "SavedReportResult",
    "SchemaEnforcementConfig",
    "SchemaEntry",
    "SegmentMethod",
    "SegmentationResult",
    "ServerError",
    "ServiceAccount",
    "ServingMethod",
    "Session",
    "SetTestUsersParams",
    "SimpleBehavior",
    "SubPropertyInfo",
    "Target",
    "TimeComparison",
    "TimeComparisonType",
    "TimeComparisonUnit",
    "TimeUnit",
    "TopEvent",
    "UpdateAlertParams",
    "UpdateAnnotationParams",
    "UpdateAnomalyParams",
    "UpdateBookmarkParams",
    "UpdateCohortParams",
    "UpdateCustomPropertyParams",
    "UpdateDashboardParams",
    "UpdateDropFilterParams",
    "UpdateEventDefinitionParams",
    "UpdateExperimentParams",
    "UpdateFeatureFlagParams",
    "UpdateLookupTableParams",
    "UpdatePropertyDefinitionParams",
    "UpdateReportLinkParams",
    "UpdateSchemaEnforcementParams",
    "UpdateTagParams",
    "UpdateTextCardParams",
    "UpdateWebhookParams",
    "UploadLookupTableParams",
    "UserEvent",
    "UserQueryResult",
    "ValidateAlertsForBookmarkParams",
    "ValidateAlertsForBookmarkResponse",
    "ValidationError",
    "WebhookAuthType",
    "WebhookMutationResult",
    "WebhookTestParams",
    "WebhookTestResult",
    "Workspace",
    "WorkspaceRef",
    "WorkspaceScopeError",
    "WritesRefusedError",
    "accounts",
    "assert_conversion",
    "assert_expectations",
    "assert_lexicon",
    "assert_no_conversion_drop",
    "assert_no_mix_shift",
    "assert_retention",
    "assert_volume",
    "funnel",
    "help",
    "mix",
    "properties",
    "retention",
    "session",
    "targets",
    "volume",
]
