-- The rows of one conversation are found by its id. The index is made month by month, each in a transaction of its own:
-- nobody who reads waits, and who writes waits for no more than one month. A step that was cut off goes on where it was.
DO $$
DECLARE
  month regclass;
BEGIN
  CREATE INDEX IF NOT EXISTS contacts_conversation ON ONLY contacts (conversation_id, started_at, id) WHERE conversation_id IS NOT NULL;
  COMMIT;
  FOR month IN
    SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = 'contacts'::regclass AND NOT EXISTS (
      SELECT FROM pg_index x JOIN pg_inherits p ON p.inhrelid = x.indexrelid
      WHERE x.indrelid = i.inhrelid AND p.inhparent = 'contacts_conversation'::regclass)
  LOOP
    EXECUTE format('CREATE INDEX ON %s (conversation_id, started_at, id) WHERE conversation_id IS NOT NULL', month);
    EXECUTE format('ALTER INDEX contacts_conversation ATTACH PARTITION %s', (
      SELECT max(x.indexrelid)::regclass FROM pg_index x
      WHERE x.indrelid = month AND pg_get_expr(x.indpred, x.indrelid) = '(conversation_id IS NOT NULL)'));
    COMMIT;
  END LOOP;
END $$;
