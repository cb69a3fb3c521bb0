-- When a name was true, in microseconds since 1970, with the revision of the contact that brought it: an older name does not
-- replace a newer one, whatever the order in which they come. Null is before all others; 9223372036854775807 is the newest,
-- of a line of the thing's own kind that does not say when it changed. A column without a default rewrites no row.
ALTER TABLE agents ADD COLUMN named_at bigint, ADD COLUMN named_revision bigint,
  ADD COLUMN described_at bigint; -- when its groups and its deletion were true
ALTER TABLE campaigns ADD COLUMN named_at bigint, ADD COLUMN named_revision bigint;
ALTER TABLE queues ADD COLUMN named_at bigint, ADD COLUMN named_revision bigint;
ALTER TABLE classifiers ADD COLUMN named_at bigint, ADD COLUMN named_revision bigint;
ALTER TABLE site_calls ADD COLUMN named_at bigint, ADD COLUMN named_revision bigint;
ALTER TABLE records ADD COLUMN significant_at bigint, ADD COLUMN significant_revision bigint;
-- Contacts that agree with a name that is stored do not write it again: their rows tell that it was true when they started,
-- but for what they refer to without a name. Bits: 1 campaign, 2 agent, 4 queue, 8 classifier, 16 SiteCall, 32 the record's
-- significant field; null is 0.
ALTER TABLE contacts ADD COLUMN unnamed int;
