DROP INDEX downloads_of_owner;
ALTER TABLE downloads DROP COLUMN made_under, DROP COLUMN ordered_under;
