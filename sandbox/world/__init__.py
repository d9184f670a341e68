"""The world that the Bot API is about: people, chats, messages, files, and the clock."""
