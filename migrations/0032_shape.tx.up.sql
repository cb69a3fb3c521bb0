-- How a file shows its contacts: in which columns of its own choice, with what beyond them, and in which format.
-- compatible: a server of before orders none but workbooks of the report's own columns, and cannot make another READY
CREATE TYPE download_format AS ENUM ('XLSX', 'CSV', 'NDJSON');
ALTER TABLE downloads
  ADD COLUMN format download_format NOT NULL DEFAULT 'XLSX',
  ADD COLUMN columns text[], -- null for the report's own
  ADD COLUMN extras text[] NOT NULL DEFAULT '{}',
  ADD COLUMN cells_quoted bigint, -- null until the file is ready, and of those that were made before
  ADD COLUMN snapshot_at timestamptz; -- so too: the moment whose data it shows
ALTER TABLE downloads ADD CONSTRAINT downloads_ready_is_what_was_ordered
  CHECK (state <> 'READY' OR cells_quoted IS NOT NULL OR (format = 'XLSX' AND columns IS NULL AND extras = '{}'));
