"""The two dictionaries of an entity and the object that lies behind them.

ExtraFields is the older of the two and says less; both are written and both are read.
Source: reference, ExtraFields and CustomFields; custom objects, viewing entity data.
"""

from collections.abc import Iterator

from skranke.catalog.extra_fields.encoding import Field, Value, parse_value, wire_text
from skranke.core.errors import BadValue

Fields = dict[str, Field]  # by field_name in lower case
Texts = dict[str, str]


def wire_texts(fields: Fields, stored: dict[str, object]) -> tuple[Texts, Texts]:
    """ExtraFields and CustomFields: every defined field, in the order of definition.

    CustomFields also has `x_name:org`, the value as loaded. Recorded answers give an
    extra field no `:DisplayText`, not even a bool; only relations have one.
    """
    extra: Texts = {}
    custom: Texts = {}
    for field in fields.values():
        name = field.field_name
        text = wire_text(field, stored.get(name))
        extra[name] = custom[name] = custom[f"{name}:org"] = text
    return extra, custom


def apply_texts(
    fields: Fields, stored: dict[str, object], extra: Texts, custom: Texts
) -> dict[str, object]:
    """The object to store after a save; `stored` itself where nothing changes.

    A field in either dictionary, in any case, is set; one in neither is kept; keys
    that are no field are ignored, and so are all `:org` and `:Display…` keys. Where
    the two differ, the one that differs from what is stored wins, then CustomFields.
    BadValue for a text that isn't a value of its field.
    """
    if not fields or not (extra or custom):
        return stored
    changes = dict(_changes(fields, stored, _lower_keys(extra), _lower_keys(custom)))
    if not changes:
        return stored
    return {n: v for n, v in (stored | changes).items() if v is not None}


def default_values(fields: Fields) -> dict[str, object]:
    """The object of a new entity: every field at its default.

    A default that isn't a value of its field counts as unset, as at the vendor's; the
    administrator's slip must not refuse every save of the agents.
    """
    defaults = ((field.field_name, _default(field)) for field in fields.values())
    return {name: value for name, value in defaults if value is not None}


def default_texts(fields: Fields) -> tuple[Texts, Texts]:
    """ExtraFields and CustomFields of a new entity."""
    return wire_texts(fields, default_values(fields))


def _changes(
    fields: Fields, stored: dict[str, object], extra: Texts, custom: Texts
) -> Iterator[tuple[str, Value]]:
    for name, field in fields.items():
        if name not in custom and name not in extra:
            continue
        before = wire_text(field, stored.get(field.field_name))
        for text in (custom.get(name), extra.get(name)):
            # an echo is never parsed: it is the usual case, and it may even be a
            # value that the definition wouldn't allow any more
            if text is None or text == before:
                continue
            value = parse_value(field, text)
            if wire_text(field, value) != before:
                yield field.field_name, value
                break


def _lower_keys(posted: Texts) -> Texts:
    return {key.lower(): text for key, text in posted.items()}


def _default(field: Field) -> Value:
    try:
        return parse_value(field, field.default_value)
    except BadValue:
        return None
