DROP TABLE fact_rules;
ALTER TABLE contacts DROP COLUMN outcome, DROP COLUMN queue_time, DROP COLUMN time_to_answer, DROP COLUMN lost_after, DROP COLUMN client,
  DROP COLUMN facts_missing;
DROP TYPE contact_outcome;
