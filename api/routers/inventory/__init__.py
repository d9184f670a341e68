"""Endpoints of the inventory."""
