"""Which addresses a hook may reach: those of the open internet.

A hook's URL comes from somebody who may not be trusted with what lies behind the desk's
firewall. Source: RFC 6890 and the IANA registries of special-purpose addresses; RFC
6052 and RFC 3056 for addresses that hold others; Azure's documents on 168.63.129.16.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

UNICAST = IPv6Network("2000::/3")  # all that IANA hands out to be reached
NAT64 = IPv6Network("64:ff9b::/96")
INTERNAL_NETWORKS = (  # what `is_global` says of them depends on Python's version, or is not so
    IPv4Network("192.0.0.0/24"),  # protocol assignments; a cloud's metadata
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # Azure's host, seen from each of its guests
    IPv6Network("3fff::/20"),  # documentation
)


def is_outside(text: str) -> bool:
    """Whether an address is on the open internet, itself and what it stands for."""
    address = ip_address(text)
    if any(address in network for network in INTERNAL_NETWORKS):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if held := _embedded_ipv4(address):
        return is_outside(str(held))
    return address in UNICAST and address.is_global


def _embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a gateway would take this one for."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
