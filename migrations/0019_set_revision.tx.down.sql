ALTER TABLE audit_events DISABLE TRIGGER append_only;
DELETE FROM audit_events WHERE action::text = 'SET_REVISION';
ALTER TABLE audit_events ENABLE TRIGGER append_only;
ALTER TYPE audit_action RENAME TO audit_action_of_now;
CREATE TYPE audit_action AS ENUM (
  'OPENED_RECORDING', 'OPENED_CONTENT', 'OPENED_ADDRESSES', 'ORDERED_FILE', 'FETCHED_FILE', 'MADE_KEY', 'REVOKED_KEY',
  'RECORDED_CONTACTS', 'REPLACED_CONTACT', 'LISTED_ADDRESSES', 'LISTED_BCC');
ALTER TABLE audit_events ALTER COLUMN action TYPE audit_action USING action::text::audit_action;
DROP TYPE audit_action_of_now;
