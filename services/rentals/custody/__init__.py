"""Custody: what is out until further notice, and how it gets an end."""
