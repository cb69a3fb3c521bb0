-- The facts of a contact: what came of it and how long its client waited, worked out of its own line by the program that writes
-- the row. Columns without a default rewrite no row and read none.
CREATE TYPE contact_outcome AS ENUM ('REACHED_AGENT', 'HANDED_OVER', 'SELF_SERVED', 'LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING',
  'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE', 'NOT_REACHED', 'UNDER_WAY');
ALTER TABLE contacts
  ADD COLUMN outcome contact_outcome,
  ADD COLUMN queue_time int,
  ADD COLUMN time_to_answer int,
  ADD COLUMN lost_after int,
  ADD COLUMN client bigint, -- the first 64 bits of the SHA-256 of the client's number; null without one, or for 2 to 6 digits
  ADD COLUMN facts_missing bool;
-- A program that knows no facts does not name the column, so that its rows are found and completed.
ALTER TABLE contacts ALTER COLUMN facts_missing SET DEFAULT true;

-- By which rules facts are worked out, and how far those of what was stored before are (see the package fill).
CREATE TABLE fact_rules (
  one bool PRIMARY KEY DEFAULT true CHECK (one), -- there is one row
  version int NOT NULL,
  self_service_tiles text[] NOT NULL DEFAULT '{}', -- tiles of the IVR that give callers what they called for
  contact_started_at timestamptz, -- of the last contact whose facts are of these rules; null once all are
  contact_id bigint,
  CHECK ((contact_started_at IS NULL) = (contact_id IS NULL))
);
INSERT INTO fact_rules (version, contact_started_at, contact_id)
SELECT 1, CASE WHEN stored THEN '1900-01-01Z'::timestamptz END, CASE WHEN stored THEN 0 END FROM (SELECT EXISTS (SELECT FROM contacts) AS stored) s;
