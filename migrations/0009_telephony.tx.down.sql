DROP FUNCTION drop_telephony_rows, ensure_telephony_partitions;
DROP TABLE telephony_lines, telephony_channels, telephony_calls, telephony_rows, telephony_positions, telephony_sources;
DROP SEQUENCE telephony_call_ids, telephony_runs;
