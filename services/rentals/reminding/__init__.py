"""Reminders once they are sent: the card that shows them."""
