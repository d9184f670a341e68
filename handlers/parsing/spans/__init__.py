"""Spans of days and hours: by the week, by the clock, and two days of a line."""
