-- What is known of the tables of months that are over: how many rows had been inserted, updated and deleted when they were last
-- looked at, since when that has not changed, and when their rows were frozen after it.
CREATE TABLE month_tables (
  name text PRIMARY KEY,
  changes bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  frozen_at timestamptz
);

-- Each contact has a row in it: a fifth of them, which autovacuum waits for by default, are months of dead rows.
ALTER TABLE contact_identities SET (
  autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01
);
