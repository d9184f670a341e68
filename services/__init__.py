"""The rules of lending: no Telegram, no commit; the session, the time and the policy come in as arguments."""
