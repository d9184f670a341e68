"""Codes in pictures that people send: read in a process of its own."""
