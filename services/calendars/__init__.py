"""Calendars: rentals as iCal, as a file or behind a secret address."""
