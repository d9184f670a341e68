"""Sending one message, and what is to be done besides."""
