"""Every method with its documented arguments and result; read by mypy --strict, never run."""

from __future__ import annotations

from typing import Any, assert_type

from pytest_mixpanel import (
    AlertCount,
    AlertHistoryResponse,
    AlertScreenshotResponse,
    Annotation,
    AnnotationTag,
    AuditResponse,
    BlueprintCard,
    BlueprintConfig,
    BlueprintFinishParams,
    BlueprintTemplate,
    Bookmark,
    BookmarkHistoryResponse,
    BulkAnomalyEntry,
    BulkCreateSchemasParams,
    BulkCreateSchemasResponse,
    BulkEventUpdate,
    BulkPatchResult,
    BulkPropertyUpdate,
    BulkUpdateAnomalyParams,
    BulkUpdateBookmarkEntry,
    BulkUpdateCohortEntry,
    BulkUpdateEventsParams,
    BulkUpdatePropertiesParams,
    BusinessContext,
    BusinessContextChain,
    Cohort,
    ComposedPropertyValue,
    CreateAlertParams,
    CreateAnnotationParams,
    CreateAnnotationTagParams,
    CreateBookmarkParams,
    CreateCohortParams,
    CreateCustomEventParams,
    CreateCustomPropertyParams,
    CreateDashboardParams,
    CreateDeletionRequestParams,
    CreateDropFilterParams,
    CreateExperimentParams,
    CreateFeatureFlagParams,
    CreateRcaDashboardParams,
    CreateTagParams,
    CreateWebhookParams,
    CustomAlert,
    CustomEvent,
    CustomProperty,
    CustomPropertyResourceType,
    Dashboard,
    DataVolumeAnomaly,
    DeleteSchemasResponse,
    DropFilter,
    DropFilterLimitsResponse,
    DuplicateExperimentParams,
    EventDefinition,
    EventDeletionRequest,
    Experiment,
    ExperimentConcludeParams,
    ExperimentDecideParams,
    FeatureFlag,
    FeatureFlagStatus,
    FlagHistoryResponse,
    FlagLimitsResponse,
    InitSchemaEnforcementParams,
    LexiconTag,
    LookupTable,
    LookupTableUploadUrl,
    MarkLookupTableReadyParams,
    PreviewDeletionFiltersParams,
    ProjectWebhook,
    PropertyDefinition,
    RcaSourceData,
    ReplaceSchemaEnforcementParams,
    SchemaEnforcementConfig,
    SchemaEntry,
    SetTestUsersParams,
    UpdateAlertParams,
    UpdateAnnotationParams,
    UpdateAnomalyParams,
    UpdateBookmarkParams,
    UpdateCohortParams,
    UpdateCustomPropertyParams,
    UpdateDashboardParams,
    UpdateDropFilterParams,
    UpdateEventDefinitionParams,
    UpdateExperimentParams,
    UpdateFeatureFlagParams,
    UpdateLookupTableParams,
    UpdatePropertyDefinitionParams,
    UpdateReportLinkParams,
    UpdateSchemaEnforcementParams,
    UpdateTagParams,
    UpdateTextCardParams,
    UpdateWebhookParams,
    UploadLookupTableParams,
    ValidateAlertsForBookmarkParams,
    ValidateAlertsForBookmarkResponse,
    WebhookMutationResult,
    WebhookTestParams,
    WebhookTestResult,
    Workspace,
)


def entities_and_governance(ws: Workspace) -> None:
    assert_type(ws.list_dashboards(ids=[1]), list[Dashboard])
    assert_type(ws.create_dashboard(CreateDashboardParams(title="text")), Dashboard)
    assert_type(ws.get_dashboard(1), Dashboard)
    assert_type(ws.update_dashboard(1, UpdateDashboardParams()), Dashboard)
    ws.delete_dashboard(1)
    ws.bulk_delete_dashboards([1])
    ws.favorite_dashboard(1)
    ws.unfavorite_dashboard(1)
    ws.pin_dashboard(1)
    ws.unpin_dashboard(1)
    assert_type(ws.add_report_to_dashboard(1, 1), Dashboard)
    assert_type(ws.remove_report_from_dashboard(1, 1), Dashboard)
    ws.update_text_card(1, 1, UpdateTextCardParams())
    ws.update_report_link(1, 1, UpdateReportLinkParams(link_type="text"))
    assert_type(ws.list_blueprint_templates(include_reports=True), list[BlueprintTemplate])
    assert_type(ws.create_blueprint("text"), Dashboard)
    assert_type(ws.get_blueprint_config(1), BlueprintConfig)
    ws.update_blueprint_cohorts([{"key": 1}])
    assert_type(
        ws.finalize_blueprint(BlueprintFinishParams(dashboard_id=1, cards=[BlueprintCard(card_type="text")])),
        Dashboard,
    )
    assert_type(
        ws.create_rca_dashboard(
            CreateRcaDashboardParams(rca_source_id=1, rca_source_data=RcaSourceData(source_type="text"))
        ),
        Dashboard,
    )
    assert_type(ws.get_bookmark_dashboard_ids(1), list[int])
    assert_type(ws.get_dashboard_erf(1), dict[str, Any])
    assert_type(ws.list_bookmarks_v2(bookmark_type="insights", ids=[1]), list[Bookmark])
    assert_type(
        ws.create_bookmark(
            CreateBookmarkParams(name="text", bookmark_type="insights", params={"key": 1}, dashboard_id=1)
        ),
        Bookmark,
    )
    assert_type(ws.get_bookmark(1), Bookmark)
    assert_type(ws.update_bookmark(1, UpdateBookmarkParams()), Bookmark)
    ws.delete_bookmark(1)
    ws.bulk_delete_bookmarks([1])
    ws.bulk_update_bookmarks([BulkUpdateBookmarkEntry(id=1)])
    assert_type(ws.bookmark_linked_dashboard_ids(1), list[int])
    assert_type(ws.get_bookmark_history(1, cursor="text", page_size=1), BookmarkHistoryResponse)
    assert_type(ws.list_cohorts_full(data_group_id="text", ids=[1]), list[Cohort])
    assert_type(ws.get_cohort(1), Cohort)
    assert_type(ws.create_cohort(CreateCohortParams(name="text")), Cohort)
    assert_type(ws.update_cohort(1, UpdateCohortParams()), Cohort)
    ws.delete_cohort(1)
    ws.bulk_delete_cohorts([1])
    ws.bulk_update_cohorts([BulkUpdateCohortEntry(id=1)])
    assert_type(ws.list_feature_flags(include_archived=True), list[FeatureFlag])
    assert_type(ws.create_feature_flag(CreateFeatureFlagParams(name="text", key="text")), FeatureFlag)
    assert_type(ws.get_feature_flag("text"), FeatureFlag)
    assert_type(
        ws.update_feature_flag(
            "text",
            UpdateFeatureFlagParams(
                name="text", key="text", status=FeatureFlagStatus.ENABLED, ruleset={"key": 1}
            ),
        ),
        FeatureFlag,
    )
    ws.delete_feature_flag("text")
    ws.archive_feature_flag("text")
    assert_type(ws.restore_feature_flag("text"), FeatureFlag)
    assert_type(ws.duplicate_feature_flag("text"), FeatureFlag)
    ws.set_flag_test_users("text", SetTestUsersParams(users={"key": "text"}))
    assert_type(ws.get_flag_history("text", page="text", page_size=1), FlagHistoryResponse)
    assert_type(ws.get_flag_limits(), FlagLimitsResponse)
    assert_type(ws.list_experiments(include_archived=True), list[Experiment])
    assert_type(ws.create_experiment(CreateExperimentParams(name="text")), Experiment)
    assert_type(ws.get_experiment("text"), Experiment)
    assert_type(ws.update_experiment("text", UpdateExperimentParams()), Experiment)
    ws.delete_experiment("text")
    assert_type(ws.launch_experiment("text"), Experiment)
    assert_type(ws.conclude_experiment("text", params=ExperimentConcludeParams()), Experiment)
    assert_type(ws.decide_experiment("text", ExperimentDecideParams(success=True)), Experiment)
    ws.archive_experiment("text")
    assert_type(ws.restore_experiment("text"), Experiment)
    assert_type(ws.duplicate_experiment("text", DuplicateExperimentParams(name="text")), Experiment)
    assert_type(ws.list_erf_experiments(), list[dict[str, Any]])
    assert_type(ws.list_alerts(bookmark_id=1, skip_user_filter=True), list[CustomAlert])
    assert_type(
        ws.create_alert(
            CreateAlertParams(
                bookmark_id=1,
                name="text",
                condition={"key": 1},
                frequency=1,
                paused=True,
                subscriptions=[{"key": 1}],
            )
        ),
        CustomAlert,
    )
    assert_type(ws.get_alert(1), CustomAlert)
    assert_type(ws.update_alert(1, UpdateAlertParams()), CustomAlert)
    ws.delete_alert(1)
    ws.bulk_delete_alerts([1])
    assert_type(ws.get_alert_count(alert_type="text"), AlertCount)
    assert_type(
        ws.get_alert_history(1, page_size=1, next_cursor="text", previous_cursor="text"), AlertHistoryResponse
    )
    assert_type(
        ws.test_alert(
            CreateAlertParams(
                bookmark_id=1,
                name="text",
                condition={"key": 1},
                frequency=1,
                paused=True,
                subscriptions=[{"key": 1}],
            )
        ),
        dict[str, Any],
    )
    assert_type(ws.get_alert_screenshot_url("text"), AlertScreenshotResponse)
    assert_type(
        ws.validate_alerts_for_bookmark(
            ValidateAlertsForBookmarkParams(
                alert_ids=[1], bookmark_type="insights", bookmark_params={"key": 1}
            )
        ),
        ValidateAlertsForBookmarkResponse,
    )
    assert_type(ws.list_annotations(from_date="text", to_date="text", tags=[1]), list[Annotation])
    assert_type(ws.create_annotation(CreateAnnotationParams(date="text", description="text")), Annotation)
    assert_type(ws.get_annotation(1), Annotation)
    assert_type(ws.update_annotation(1, UpdateAnnotationParams()), Annotation)
    ws.delete_annotation(1)
    assert_type(ws.list_annotation_tags(), list[AnnotationTag])
    assert_type(ws.create_annotation_tag(CreateAnnotationTagParams(name="text")), AnnotationTag)
    assert_type(ws.list_webhooks(), list[ProjectWebhook])
    assert_type(ws.create_webhook(CreateWebhookParams(name="text", url="text")), WebhookMutationResult)
    assert_type(ws.update_webhook("text", UpdateWebhookParams()), WebhookMutationResult)
    ws.delete_webhook("text")
    assert_type(ws.test_webhook(WebhookTestParams(url="text")), WebhookTestResult)
    assert_type(ws.get_event_definitions(names=["text"]), list[EventDefinition])
    assert_type(ws.update_event_definition("text", UpdateEventDefinitionParams()), EventDefinition)
    ws.delete_event_definition("text")
    assert_type(
        ws.bulk_update_event_definitions(BulkUpdateEventsParams(events=[BulkEventUpdate()])),
        list[EventDefinition],
    )
    assert_type(ws.get_property_definitions(names=["text"], resource_type="text"), list[PropertyDefinition])
    assert_type(ws.update_property_definition("text", UpdatePropertyDefinitionParams()), PropertyDefinition)
    assert_type(
        ws.bulk_update_property_definitions(
            BulkUpdatePropertiesParams(properties=[BulkPropertyUpdate(name="text", resource_type="Event")])
        ),
        list[PropertyDefinition],
    )
    assert_type(ws.export_lexicon(export_types=["text"]), dict[str, Any])
    assert_type(ws.get_event_history("text"), list[dict[str, Any]])
    assert_type(ws.get_property_history("text", "text"), list[dict[str, Any]])
    assert_type(ws.get_tracking_metadata("text"), dict[str, Any])
    assert_type(ws.list_lexicon_tags(), list[LexiconTag])
    assert_type(ws.create_lexicon_tag(CreateTagParams(name="text")), LexiconTag)
    assert_type(ws.update_lexicon_tag(1, UpdateTagParams()), LexiconTag)
    ws.delete_lexicon_tag("text")
    assert_type(ws.list_drop_filters(), list[DropFilter])
    assert_type(ws.create_drop_filter(CreateDropFilterParams(event_name="text", filters=1)), list[DropFilter])
    assert_type(ws.update_drop_filter(UpdateDropFilterParams(id=1)), list[DropFilter])
    assert_type(ws.delete_drop_filter(1), list[DropFilter])
    assert_type(ws.get_drop_filter_limits(), DropFilterLimitsResponse)
    assert_type(ws.list_custom_properties(), list[CustomProperty])
    assert_type(
        ws.create_custom_property(
            CreateCustomPropertyParams(
                name="text",
                resource_type=CustomPropertyResourceType.EVENTS,
                display_formula="text",
                composed_properties={"key": ComposedPropertyValue(resource_type="text")},
            )
        ),
        CustomProperty,
    )
    assert_type(ws.get_custom_property("text"), CustomProperty)
    assert_type(ws.update_custom_property("text", UpdateCustomPropertyParams()), CustomProperty)
    ws.delete_custom_property("text")
    assert_type(
        ws.validate_custom_property(
            CreateCustomPropertyParams(
                name="text",
                resource_type=CustomPropertyResourceType.EVENTS,
                display_formula="text",
                composed_properties={"key": ComposedPropertyValue(resource_type="text")},
            )
        ),
        dict[str, Any],
    )
    assert_type(ws.list_custom_events(), list[EventDefinition])
    assert_type(
        ws.create_custom_event(CreateCustomEventParams(name="text", alternatives=["text"])), CustomEvent
    )
    assert_type(ws.update_custom_event(1, UpdateEventDefinitionParams()), EventDefinition)
    ws.delete_custom_event(1)
    assert_type(ws.list_lookup_tables(data_group_id=1), list[LookupTable])
    assert_type(
        ws.upload_lookup_table(
            UploadLookupTableParams(name="text", file_path="text"), poll_interval=0.5, max_poll_seconds=0.5
        ),
        LookupTable,
    )
    assert_type(ws.download_lookup_table(1, file_name="text", limit=1), bytes)
    assert_type(ws.get_lookup_upload_url(), LookupTableUploadUrl)
    assert_type(ws.mark_lookup_table_ready(MarkLookupTableReadyParams(name="text", key="text")), LookupTable)
    assert_type(ws.get_lookup_upload_status("text"), dict[str, Any])
    assert_type(ws.get_lookup_download_url(1), str)
    assert_type(ws.update_lookup_table(1, UpdateLookupTableParams()), LookupTable)
    ws.delete_lookup_tables([1])
    assert_type(ws.list_schema_registry(entity_type="text"), list[SchemaEntry])
    assert_type(ws.create_schema("text", "text", {"key": 1}), dict[str, Any])
    assert_type(ws.update_schema("text", "text", {"key": 1}), dict[str, Any])
    assert_type(
        ws.create_schemas_bulk(
            BulkCreateSchemasParams(
                entries=[SchemaEntry(entity_type="text", name="text", schema_definition={"key": 1})]
            )
        ),
        BulkCreateSchemasResponse,
    )
    assert_type(
        ws.update_schemas_bulk(
            BulkCreateSchemasParams(
                entries=[SchemaEntry(entity_type="text", name="text", schema_definition={"key": 1})]
            )
        ),
        list[BulkPatchResult],
    )
    assert_type(ws.delete_schemas(entity_type="text", entity_name="text"), DeleteSchemasResponse)
    assert_type(ws.get_schema_enforcement(fields="text"), SchemaEnforcementConfig)
    assert_type(ws.init_schema_enforcement(InitSchemaEnforcementParams(rule_event="text")), dict[str, Any])
    assert_type(ws.update_schema_enforcement(UpdateSchemaEnforcementParams()), dict[str, Any])
    assert_type(
        ws.replace_schema_enforcement(
            ReplaceSchemaEnforcementParams(
                common_properties=[{"key": 1}],
                user_properties=[{"key": 1}],
                events=[{"key": 1}],
                rule_event="text",
                notification_emails=["text"],
            )
        ),
        dict[str, Any],
    )
    assert_type(ws.delete_schema_enforcement(), dict[str, Any])
    assert_type(ws.run_audit(), AuditResponse)
    assert_type(ws.run_audit_events_only(), AuditResponse)
    assert_type(ws.list_data_volume_anomalies(query_params={"key": "text"}), list[DataVolumeAnomaly])
    assert_type(
        ws.update_anomaly(UpdateAnomalyParams(id=1, status="text", anomaly_class="text")), dict[str, Any]
    )
    assert_type(
        ws.bulk_update_anomalies(
            BulkUpdateAnomalyParams(anomalies=[BulkAnomalyEntry(id=1, anomaly_class="text")], status="text")
        ),
        dict[str, Any],
    )
    assert_type(ws.list_deletion_requests(), list[EventDeletionRequest])
    assert_type(
        ws.create_deletion_request(
            CreateDeletionRequestParams(from_date="text", to_date="text", event_name="text")
        ),
        list[EventDeletionRequest],
    )
    assert_type(ws.cancel_deletion_request(1), list[EventDeletionRequest])
    assert_type(
        ws.preview_deletion_filters(
            PreviewDeletionFiltersParams(event_name="text", from_date="text", to_date="text")
        ),
        list[dict[str, Any]],
    )
    assert_type(ws.get_business_context(level="organization", organization_id=1), BusinessContext)
    assert_type(ws.set_business_context("text", level="organization", organization_id=1), BusinessContext)
    assert_type(ws.clear_business_context(level="organization", organization_id=1), BusinessContext)
    assert_type(ws.get_business_context_chain(), BusinessContextChain)
