-- What files need beyond being made: orders that count once, an estimate of the time left, word of every change, and
-- links that cannot be forged.

-- The worker's estimate, told with every heartbeat; null while there is none.
ALTER TABLE downloads ADD COLUMN seconds_left int CHECK (seconds_left >= 0);

-- An order is looked for before it is taken: by the client's name for it, and among the person's unfinished ones.
CREATE INDEX downloads_client_mutation ON downloads (ordered_by, client_mutation_id) WHERE client_mutation_id IS NOT NULL;
CREATE INDEX downloads_of_person ON downloads (ordered_by) WHERE state IN ('QUEUED', 'RUNNING');

-- Every process tells its own watchers, whichever process does the work.
CREATE FUNCTION notify_download_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('download_updated', coalesce(NEW.id, OLD.id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER download_updated AFTER INSERT OR UPDATE OR DELETE ON downloads
  FOR EACH ROW EXECUTE FUNCTION notify_download_updated();

-- 'link' signs the addresses of files.
INSERT INTO secrets (name, value) VALUES ('link', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
