"""Keys of many rows at once: in the database, and of earlier rows of the same file."""
