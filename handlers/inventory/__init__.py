"""The inventory from a phone: what those who keep the equipment do, in the chat."""
