"""Carriers of time zones and resources."""

from msgspec import field

from skranke.core.schema import Carrier, Int32


class TimeZoneRule(Carrier):
    tz_offset: Int32 = field(name="TZOffset", default=0)  # minutes east of UTC
    start_rule_pattern: str = ""
    end_rule_pattern: str = ""
    start_day: Int32 = 0
    start_month: Int32 = 0
    end_day: Int32 = 0
    end_month: Int32 = 0


class TimeZoneData(Carrier):
    tz_location_id: Int32 = field(name="TZLocationID", default=0)
    name: str = ""
    tz_location_code: str = field(name="TZLocationCode", default="")
    tz_location_cities: str = field(name="TZLocationCities", default="")
    iso_number: Int32 = 0
    standard_rules: dict[str, TimeZoneRule] = field(name="TimeZoneSTDRules", default_factory=dict)
    daylight_rules: dict[str, TimeZoneRule] = field(name="TimeZoneDSTRules", default_factory=dict)


class PreferredTimeZone(Carrier):
    preference_id: Int32 = 0
    tz_location_id: Int32 = field(name="TZLocationId", default=0)
    location_code: str = ""
    description: str = ""
    country: str = ""
    bias: Int32 = 0  # minutes from standard time to UTC: -60 in Oslo


class TimeZoneRow(Carrier, rename="camel"):
    """A time zone as a row of an archive."""

    primary_key: str = field(name="PrimaryKey", default="")
    entity_name: str = field(name="EntityName", default="")
    id: Int32 = 0
    time_zone: str = ""
    country: str = ""
    region: str = ""
    offset: Int32 = 0  # minutes east of UTC, in standard time
    daylight: bool = False  # has daylight-saving time this year
    is_active: bool = False


class TimeZoneArchive(Carrier):
    """All rows, with OData's member names."""

    metadata: str = field(name="odata.metadata", default="")
    next_link: str | None = field(name="odata.nextLink", default=None)
    value: list[TimeZoneRow] = field(name="value", default_factory=list)


class ResourceOverride(Carrier):
    resource_name: str = ""
    resource_value: str = ""
    culture: str = ""
    is_active: bool = False
