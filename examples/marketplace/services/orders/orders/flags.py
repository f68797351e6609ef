"""Feature flags."""

_on: set[str] = set()


def switch_on(name: str) -> None:
    _on.add(name)


def is_enabled(name: str) -> bool:
    return name in _on
