"""Events to the other services."""

from collections.abc import Callable

_listeners: list[Callable[[str, dict], None]] = []


def listen(listener: Callable[[str, dict], None]) -> None:
    _listeners.append(listener)


def publish(name: str, body: dict) -> None:
    """Sends an event; called after the transaction has committed."""
    for listener in _listeners:
        listener(name, body)
