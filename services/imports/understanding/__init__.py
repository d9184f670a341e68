"""Understanding of any list a club keeps: its header, its columns, its pieces, and what is no thing."""
