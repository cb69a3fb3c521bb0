CREATE OR REPLACE FUNCTION notify_ties_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh) THEN
    PERFORM pg_notify('directory_changed', TG_TABLE_NAME);
  END IF;
  RETURN NULL;
END $$;
