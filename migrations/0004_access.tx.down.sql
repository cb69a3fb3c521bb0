DROP TABLE audit_events, oidc_subjects, api_keys;
DROP FUNCTION refuse_to_rewrite_history;
DROP TYPE audit_action, audit_subject;
