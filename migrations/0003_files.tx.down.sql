DELETE FROM secrets WHERE name = 'link';
DROP TRIGGER download_updated ON downloads;
DROP FUNCTION notify_download_updated();
DROP INDEX downloads_of_person, downloads_client_mutation;
ALTER TABLE downloads DROP COLUMN seconds_left;
