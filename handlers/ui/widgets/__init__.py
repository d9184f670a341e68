"""Parts of screens that many conversations have: the calendar, two days, a pager, a reason, tags."""
