"""A person's settings of the pages. The reference has none; the names are ours."""

from skranke.core.schema import Carrier


class InterfaceSettings(Carrier):
    language: str = ""  # empty: the browser's
    zone: str = ""  # an IANA name; empty: the browser's
    theme: str = "system"  # system, light, dark
    contrast: str = "system"  # system, more
    density: str = "roomy"  # roomy, dense
    shortcuts: bool = True  # single keys do something
