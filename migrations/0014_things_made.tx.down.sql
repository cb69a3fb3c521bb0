DROP TABLE things_made;
