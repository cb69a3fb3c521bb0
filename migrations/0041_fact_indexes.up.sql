-- Contacts are found by their outcome, and those of a program that knew no facts by lacking them. Each index is made month by
-- month, each in a transaction of its own: nobody who reads waits, and who writes waits for no more than one month. A step that
-- was cut off goes on where it was.
DO $$
DECLARE
  wanted record;
  month regclass;
  made name;
BEGIN
  FOR wanted IN SELECT * FROM (VALUES
    ('contacts_outcome', '(outcome, started_at, id, type, status) WHERE outcome IS NOT NULL'),
    ('contacts_facts_missing', '(started_at, id) WHERE facts_missing')) v (name, definition)
  LOOP
    EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON ONLY contacts %s', wanted.name, wanted.definition);
    COMMIT;
    FOR month IN
      SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = 'contacts'::regclass AND NOT EXISTS (
        SELECT FROM pg_index x JOIN pg_inherits p ON p.inhrelid = x.indexrelid
        WHERE x.indrelid = i.inhrelid AND p.inhparent = wanted.name::regclass)
    LOOP
      made := wanted.name || right(month::text, 7);
      EXECUTE format('CREATE INDEX %I ON %s %s', made, month, wanted.definition);
      EXECUTE format('ALTER INDEX %I ATTACH PARTITION %I', wanted.name, made);
      COMMIT;
    END LOOP;
  END LOOP;
END $$;
