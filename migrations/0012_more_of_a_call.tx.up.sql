-- More of a contact: the source's word for a channel that is none of the report's types, the id that ties the rows of one
-- conversation, and two durations. Columns without a default or a check rewrite no row and read none.
ALTER TYPE contact_type ADD VALUE IF NOT EXISTS 'OTHER';
ALTER TABLE contacts
  ADD COLUMN channel text, -- of a contact of type OTHER
  ADD COLUMN conversation_id text,
  ADD COLUMN hold_time int,
  ADD COLUMN wrap_up_time int;
