"""`/users` and what belongs to them: invites, joining, own data, leaving."""
