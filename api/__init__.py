"""The HTTP edge: requests in, calls of services, answers out; by the same nouns as services and handlers."""
