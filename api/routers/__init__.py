"""The endpoints, by the nouns of services."""
