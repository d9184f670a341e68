"""Models, sessions, queries and migrations. Knows nothing of the rules of lending."""
