DROP TABLE downloads;
DROP TYPE download_locale, download_kind, download_state;
