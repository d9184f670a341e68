"""Codes that are scanned, typed or photographed, and what they open."""
