"""Codes of items: those proposed for new ones, and those of the stickers that things already have."""
