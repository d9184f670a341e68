"""Parts of screens that many conversations have: calendar, date range, pager, reason, tags."""
