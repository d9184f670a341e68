"""Rentals until further notice: a lender sets a date, or the member suggests one."""
