"""Models, sessions and migrations, without any lending rules."""
