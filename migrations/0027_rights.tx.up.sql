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
