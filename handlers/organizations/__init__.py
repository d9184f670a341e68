"""Running an organisation from a phone: its rules, its opening days, and whole organisations."""
