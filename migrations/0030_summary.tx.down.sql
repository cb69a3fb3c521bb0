DROP INDEX contacts_summary;
