-- Who keeps ties that were read a moment ago is told whose are more: of an agent by the number, of a campaign by its negative
-- (contact_ties:5,-6).
-- compatible: who keeps all ties reads on from the last that is known, whatever is told of them
CREATE OR REPLACE FUNCTION notify_ties_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_directory_changed(TG_TABLE_NAME,
    (SELECT array_agg(DISTINCT CASE owner_kind WHEN 'Agent' THEN owner_id ELSE -owner_id END)::bigint[] FROM fresh));
  RETURN NULL;
END $$;
