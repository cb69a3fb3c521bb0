-- Who makes sure of a month holds its lock, beside all others who do, until the rows are committed: who drops empty months
-- waits for them.
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
