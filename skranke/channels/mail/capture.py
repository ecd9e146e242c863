"""Letters that never leave: those of an emulator and of a demo."""

from skranke.core.settings import Settings


def captures(settings: Settings) -> bool:
    """Whether this desk keeps its mail to itself."""
    return settings.emulator or settings.demo
