CREATE OR REPLACE FUNCTION notify_directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('directory_changed', TG_TABLE_NAME);
  RETURN NULL;
END $$;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['agents', 'agent_groups', 'agent_group_members', 'campaigns', 'queues', 'classifiers', 'site_calls'] LOOP
    EXECUTE format('DROP TRIGGER directory_inserted ON %I', name);
    EXECUTE format('DROP TRIGGER directory_updated ON %I', name);
    EXECUTE format('DROP TRIGGER directory_deleted ON %I', name);
    EXECUTE format('DROP TRIGGER directory_emptied ON %I', name);
    EXECUTE format('CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION notify_directory_changed()', name);
  END LOOP;
END $$;
DROP FUNCTION notify_members_changed;
DROP FUNCTION tell_directory_changed;
