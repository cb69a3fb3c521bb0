ALTER TABLE downloads DROP COLUMN snapshot_at, DROP COLUMN cells_quoted, DROP COLUMN extras, DROP COLUMN columns, DROP COLUMN format;
DROP TYPE download_format;
