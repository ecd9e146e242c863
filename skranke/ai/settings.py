"""What the installation wants understood, from the registry."""

from msgspec import Struct

from skranke.db.database import Db

OFF, SUGGEST, APPLY = "off", "suggest", "apply"


class AnalysisSettings(Struct, frozen=True, kw_only=True):
    """Languages that are told apart, none for not at all; and what else is wanted."""

    languages: tuple[str, ...]
    sentiment: bool
    category: str  # OFF, SUGGEST, or APPLY: the ticket is moved by itself


async def analysis_settings(db: Db) -> AnalysisSettings:
    """The wishes, for `call.recall`; what the registry lacks is off."""
    found = await db.fetch("SELECT name, value FROM registry WHERE name LIKE 'ai%'")
    stored = {record["name"]: record["value"] for record in found}
    codes = stored.get("aiLanguages", "").replace(",", " ").lower().split()
    return AnalysisSettings(
        languages=tuple(dict.fromkeys(codes)),
        sentiment=stored.get("aiSentiment") == "1",
        category=stored.get("aiCategory", OFF),
    )
