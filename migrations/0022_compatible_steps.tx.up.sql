-- Steps with which the program that was written before them can serve too, as their files say: it has no file of them.
CREATE TABLE compatible_steps (
  name text PRIMARY KEY
);
