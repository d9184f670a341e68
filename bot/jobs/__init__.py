"""Work that a person started in the chat, and that goes on beside it."""
