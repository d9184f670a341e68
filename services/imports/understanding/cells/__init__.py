"""The cells of a list as people write them."""
