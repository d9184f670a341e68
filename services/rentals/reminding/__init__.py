"""Reminders after they were sent."""
