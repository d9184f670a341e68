"""The parameters of one Bot API call, however they were sent: query, form, multipart or JSON."""

import json
from dataclasses import dataclass, field

from sandbox.botapi.refusals import bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    content: bytes


@dataclass
class Call:
    """One method call. Values are strings as forms send them, or what JSON held."""

    method: str
    values: dict[str, object] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string; empty when it is missing."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as missing, as it does for Telegram."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A boolean."""
        return self.text(name).strip().lower() in ("true", "1", "yes")

    def data(self, name: str, what: str) -> object:
        """A value that is JSON, as it is or in a string; `what` is Telegram's word for it in the error."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            parsed: object = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None
        return parsed
