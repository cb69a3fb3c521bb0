DROP TABLE record_months;
