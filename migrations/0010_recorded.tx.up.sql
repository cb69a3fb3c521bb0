-- Who recorded contacts, which were replaced, and who was given contacts with what is masked for others.
ALTER TYPE audit_action ADD VALUE 'RECORDED_CONTACTS';
ALTER TYPE audit_action ADD VALUE 'REPLACED_CONTACT';
ALTER TYPE audit_action ADD VALUE 'LISTED_ADDRESSES';
ALTER TYPE audit_action ADD VALUE 'LISTED_BCC';
ALTER TABLE audit_events
  ADD COLUMN contacts int NOT NULL DEFAULT 1,  -- to how many things it was done; subject_id is the first of them
  ADD COLUMN replaced int;                     -- how many of the contacts recorded replaced others; null for other actions

-- How many replaced contacts the log has named for a principal on a day: beyond a bound they are counted alone.
CREATE TABLE audit_replaced_named (
  principal text PRIMARY KEY,
  day date NOT NULL,
  named int NOT NULL
);
