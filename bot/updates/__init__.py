"""Updates from Telegram: fetched verbatim, parsed afterwards."""
