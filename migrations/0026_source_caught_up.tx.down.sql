ALTER TABLE telephony_sources DROP COLUMN caught_up_at;
