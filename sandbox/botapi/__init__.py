"""The Bot API: methods, their parameters, and how they answer and refuse."""
