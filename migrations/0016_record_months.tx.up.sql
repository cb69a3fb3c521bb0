-- In which months (of UTC) contacts point at a record, or once did: so that those are looked through when somebody who may
-- see some contacts only asks for it, and not all that there are. They are written with the contacts, and never removed.
CREATE TABLE record_months (
  record_id bigint NOT NULL,
  month date NOT NULL,
  PRIMARY KEY (record_id, month)
);

INSERT INTO record_months (record_id, month)
SELECT DISTINCT record_id, date_trunc('month', started_at AT TIME ZONE 'UTC')::date FROM contacts WHERE record_id IS NOT NULL;
