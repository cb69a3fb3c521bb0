DROP INDEX contacts_lost;
