"""Access: rights, tokens, passwords, and what the HTTP edge remembers of its callers."""
