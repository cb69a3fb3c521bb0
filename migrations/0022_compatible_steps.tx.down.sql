DROP TABLE compatible_steps;
