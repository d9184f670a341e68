"""Headers of columns, taken apart."""
