-- When a follower of the source had read all that was there last: how far behind it is.
-- compatible: who does not know the column leaves it empty
ALTER TABLE telephony_sources ADD COLUMN caught_up_at timestamptz;
