-- Who holds the small things in memory is told which of them changed (agents:5,6), so that those alone are read again; after
-- a change of many, and of everything at once, the table alone (agents).
CREATE FUNCTION tell_directory_changed(changed text, ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(ids) > 500 THEN
    PERFORM pg_notify('directory_changed', changed);
  ELSIF cardinality(ids) > 0 THEN
    PERFORM pg_notify('directory_changed', changed || ':' || array_to_string(ids, ','));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION notify_directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_OP
  WHEN 'INSERT' THEN PERFORM tell_directory_changed(TG_TABLE_NAME, (SELECT array_agg(id) FROM fresh));
  WHEN 'UPDATE' THEN
    PERFORM tell_directory_changed(TG_TABLE_NAME, (SELECT array_agg(id) FROM (SELECT id FROM gone UNION SELECT id FROM fresh) x));
  WHEN 'DELETE' THEN PERFORM tell_directory_changed(TG_TABLE_NAME, (SELECT array_agg(id) FROM gone));
  ELSE PERFORM pg_notify('directory_changed', TG_TABLE_NAME);
  END CASE;
  RETURN NULL;
END $$;

-- Of members, the groups are told.
CREATE FUNCTION notify_members_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_OP
  WHEN 'INSERT' THEN PERFORM tell_directory_changed(TG_TABLE_NAME, (SELECT array_agg(DISTINCT agent_group_id) FROM fresh));
  WHEN 'UPDATE' THEN
    PERFORM tell_directory_changed(TG_TABLE_NAME,
      (SELECT array_agg(agent_group_id) FROM (SELECT agent_group_id FROM gone UNION SELECT agent_group_id FROM fresh) x));
  WHEN 'DELETE' THEN PERFORM tell_directory_changed(TG_TABLE_NAME, (SELECT array_agg(DISTINCT agent_group_id) FROM gone));
  ELSE PERFORM pg_notify('directory_changed', TG_TABLE_NAME);
  END CASE;
  RETURN NULL;
END $$;

DO $$
DECLARE
  name text;
  teller text;
BEGIN
  FOREACH name IN ARRAY ARRAY['agents', 'agent_groups', 'agent_group_members', 'campaigns', 'queues', 'classifiers', 'site_calls'] LOOP
    teller := CASE name WHEN 'agent_group_members' THEN 'notify_members_changed' ELSE 'notify_directory_changed' END;
    EXECUTE format('DROP TRIGGER directory_changed ON %I', name);
    EXECUTE format('CREATE TRIGGER directory_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, teller);
    EXECUTE format('CREATE TRIGGER directory_updated AFTER UPDATE ON %I REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, teller);
    EXECUTE format('CREATE TRIGGER directory_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, teller);
    EXECUTE format('CREATE TRIGGER directory_emptied AFTER TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, teller);
  END LOOP;
END $$;
