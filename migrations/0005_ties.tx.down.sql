DROP TABLE contact_ties;
DROP FUNCTION notify_ties_changed;
