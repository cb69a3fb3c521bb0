ALTER TABLE contacts DROP COLUMN unnamed;
ALTER TABLE records DROP COLUMN significant_at, DROP COLUMN significant_revision;
ALTER TABLE site_calls DROP COLUMN named_at, DROP COLUMN named_revision;
ALTER TABLE classifiers DROP COLUMN named_at, DROP COLUMN named_revision;
ALTER TABLE queues DROP COLUMN named_at, DROP COLUMN named_revision;
ALTER TABLE campaigns DROP COLUMN named_at, DROP COLUMN named_revision;
ALTER TABLE agents DROP COLUMN named_at, DROP COLUMN named_revision, DROP COLUMN described_at;
