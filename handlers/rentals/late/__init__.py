"""Late things that somebody waits for."""
