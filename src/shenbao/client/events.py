"""Server-sent events, line by line (HTML Living Standard, 9.2.6)."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    name: str
    data: str


@dataclass
class EventParser:
    """Takes the lines of a stream; comments and fields other than `event` and `data` mean nothing here."""

    _name: str = ""
    _data: list[str] = field(default_factory=list)

    def feed(self, line: str) -> Event | None:
        """The event that this line, an empty one, ends; else None."""
        if not line:
            found = Event(self._name or "message", "\n".join(self._data)) if self._data else None
            self._name, self._data = "", []
            return found
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        return None
