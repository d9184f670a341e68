"""Data in, text and keyboard out. No view reads the database or the clock."""
