"""How an extra field is defined, as the REST interface tells it.

The reference names the resource and not its shape; these names are ours.
"""

from skranke.core.schema import Carrier, Int32


class CustomFieldInfo(Carrier):
    field_name: str = ""  # the key in ExtraFields and CustomFields
    display_name: str = ""
    field_type: str = ""  # string, int, bool, decimal, date, datetime, time, timespan
    max_length: Int32 = 0  # characters of a string; 0: any number
    default_value: str = ""
