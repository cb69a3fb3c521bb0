DROP INDEX contacts_outcome, contacts_facts_missing;
