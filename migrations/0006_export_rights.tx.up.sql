-- What a file may hold. Rights change between the order, the making and the fetching of a file, and a file must at no
-- time give more than its owner, and whoever fetches it, may see just then.

-- {"grants": {…}, "agents": […], "addresses", "bcc"}: which contacts, by the names that grants have outside; the agents
-- that groups came to when the file was made; and whether addresses are whole, and hidden recipients there. Whatever was
-- ordered before anybody signed in belongs to the operator of the machine.
ALTER TABLE downloads
  ADD COLUMN ordered_under jsonb NOT NULL DEFAULT '{"grants": {"unrestricted": true}, "addresses": true, "bcc": true}',
  ADD COLUMN made_under jsonb;
ALTER TABLE downloads ALTER COLUMN ordered_under DROP DEFAULT;
UPDATE downloads SET made_under = ordered_under WHERE state = 'READY';
ALTER TABLE downloads ADD CONSTRAINT downloads_ready_says_what_it_holds CHECK (state <> 'READY' OR made_under IS NOT NULL);

-- The list of one's own files costs the same whatever others order.
CREATE INDEX downloads_of_owner ON downloads (ordered_by, id);
