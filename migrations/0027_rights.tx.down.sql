DROP FUNCTION settle_partition(text);
DO $$
DECLARE
  function regprocedure;
BEGIN
  FOREACH function IN ARRAY ARRAY['ensure_contact_partitions(timestamptz, timestamptz)',
    'ensure_telephony_partitions(timestamptz, timestamptz)', 'drop_telephony_rows(timestamptz)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY INVOKER RESET search_path', function);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', function);
  END LOOP;
END $$;

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
        IF to_regclass(child) IS NULL THEN
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
      IF to_regclass(child) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE telephony_rows INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child);
        EXECUTE format('ALTER TABLE telephony_rows ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', child,
          month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      END IF;
    END IF;
    month := month + interval '1 month';
  END LOOP;
END $$;

DROP FUNCTION relation_exists(text);
