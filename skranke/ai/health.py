"""What of all this works here."""

from skranke.ai import sentiment


def engines() -> dict[str, bool]:
    """Per field, whether its engine is installed; what isn't leaves the field empty."""
    return {"language": True, "sentiment": sentiment.is_installed(), "category": True}
