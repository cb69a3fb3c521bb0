-- How many things of a kind the API has made on a day of UTC: every process holds them all in memory, and none is removed.
CREATE TABLE things_made (
  kind text PRIMARY KEY, -- the table of the things
  day date NOT NULL,
  made int NOT NULL
);
