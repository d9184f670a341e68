"""Readers of files of each format."""
