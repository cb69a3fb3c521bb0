DROP FUNCTION ensure_contact_partitions(timestamptz, timestamptz);
DROP TABLE contact_details, ivr_steps, contacts, contact_identities, records,
  site_calls, classifiers, queues, campaigns, agent_group_members, agent_groups, agents, secrets;
DROP SEQUENCE contact_ids;
DROP FUNCTION notify_directory_changed();
DROP TYPE details_kind, ivr_step_kind, hangup_party, contact_status, contact_type;
