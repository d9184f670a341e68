"""Searches that find nothing: names that are near, and a count of the words."""
