-- Which small things the contacts of every campaign, and of every agent, point at: the filter lists and ids of somebody
-- who may see some campaigns and agents only. Ties are written with the contacts, and are never removed: what a contact
-- once pointed at was seen. The numbers become visible in their order (see the writer), so a reader goes on from the last.
CREATE TABLE contact_ties (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_kind text NOT NULL,
  owner_id int NOT NULL,
  thing_kind text NOT NULL,
  thing_id int NOT NULL,
  UNIQUE (owner_kind, owner_id, thing_kind, thing_id)
);

INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id)
SELECT DISTINCT o.kind, o.id, t.kind, t.id
FROM (SELECT DISTINCT campaign_id, agent_id, queue_id, classifier_id, site_call_id FROM contacts) c
CROSS JOIN LATERAL (VALUES ('Campaign', c.campaign_id), ('Agent', c.agent_id)) o (kind, id)
CROSS JOIN LATERAL (VALUES ('Campaign', c.campaign_id), ('Agent', c.agent_id), ('Queue', c.queue_id),
  ('Classifier', c.classifier_id), ('SiteCall', c.site_call_id)) t (kind, id)
WHERE o.id IS NOT NULL AND t.id IS NOT NULL AND o.kind <> t.kind;

-- Only what is new is worth telling: a source writes the same ties again and again.
CREATE FUNCTION notify_ties_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh) THEN
    PERFORM pg_notify('directory_changed', TG_TABLE_NAME);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER directory_changed AFTER INSERT ON contact_ties REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION notify_ties_changed();
