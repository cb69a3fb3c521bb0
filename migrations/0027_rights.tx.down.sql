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
