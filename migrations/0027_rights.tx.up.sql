-- Whether a relation is there now: to_regclass may answer from what the session remembers, which a wait for an advisory lock does
-- not renew, and two who wrote first into a month met "already exists".
CREATE FUNCTION relation_exists(name text) RETURNS bool LANGUAGE sql VOLATILE AS
$$ SELECT EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = current_schema()::regnamespace) $$;

CREATE OR REPLACE FUNCTION ensure_contact_partitions(first_start timestamptz, last_start timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamp;
  parent text;
  child text;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('contact_months'));
  month := date_trunc('month', first_start AT TIME ZONE 'UTC');
  WHILE month <= last_start AT TIME ZONE 'UTC' LOOP
    FOREACH parent IN ARRAY ARRAY['contacts', 'ivr_steps', 'contact_details', 'contact_addresses'] LOOP
      child := parent || '_' || to_char(month, 'YYYYMM');
      IF to_regclass(child) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('ensure_contact_partitions'));
        IF NOT relation_exists(child) THEN
          EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)', child, parent);
          EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child,
            month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
        END IF;
      END IF;
    END LOOP;
    month := month + interval '1 month';
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ensure_telephony_partitions(first_at timestamptz, last_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamp := date_trunc('month', first_at AT TIME ZONE 'UTC');
  child text;
BEGIN
  WHILE month <= last_at AT TIME ZONE 'UTC' LOOP
    child := 'telephony_rows_' || to_char(month, 'YYYYMM');
    IF to_regclass(child) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('ensure_telephony_partitions'));
      IF NOT relation_exists(child) THEN
        EXECUTE format('CREATE TABLE %I (LIKE telephony_rows INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child);
        EXECUTE format('ALTER TABLE telephony_rows ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', child,
          month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      END IF;
    END IF;
    month := month + interval '1 month';
  END LOOP;
END $$;

-- A role that serves owns no table: what makes, drops and analyses tables of months works with the rights of their owner. Its
-- search path is fixed, lest whoever calls it lays other tables before those that are meant.
DO $$
DECLARE
  function regprocedure;
BEGIN
  FOREACH function IN ARRAY ARRAY['ensure_contact_partitions(timestamptz, timestamptz)',
    'ensure_telephony_partitions(timestamptz, timestamptz)', 'drop_telephony_rows(timestamptz)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = %I, pg_temp', function, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function);
  END LOOP;
END $$;

-- Counts the rows of the table of a month for whoever may not do so, and of no other table. Vacuuming is left to autovacuum.
CREATE FUNCTION settle_partition(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF name !~ '^(contacts|contact_addresses|ivr_steps|contact_details)_\d{6}$' THEN
    RAISE EXCEPTION '% is no table of a month', name USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('ANALYZE %I', name);
END $$;
REVOKE EXECUTE ON FUNCTION settle_partition(text) FROM PUBLIC;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION settle_partition(text) SET search_path = %I, pg_temp', current_schema());
END $$;
