"""Decides which IP addresses are public, from the special-purpose registries and embedded IPv4 addresses.

The tables are written here because those of `ipaddress` vary with the Python version.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

# IANA IPv4 Special-Purpose Address Registry: blocks that are not globally reachable or not unicast.
_SPECIAL_IPV4: Final = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private use, RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link-local, RFC 3927
        "172.16.0.0/12",  # private use, RFC 1918
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.88.99.0/24",  # relays of 6to4 and 6a44, RFC 7526 and RFC 6751
        "192.168.0.0/16",  # private use, RFC 1918
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved, RFC 1112; its last address is broadcast, RFC 919
    )
)

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # all that IANA assigns, RFC 4291 §2.4 and RFC 3587

# IANA IPv6 Special-Purpose Address Registry. Blocks outside global unicast are listed to document the reason.
_SPECIAL_IPV6: Final = tuple(
    IPv6Network(block)
    for block in (
        "::/96",  # unspecified, loopback, IPv4-compatible, RFC 4291 §2.5.5.1
        "::ffff:0:0:0/96",  # IPv4-translated, RFC 2765
        "64:ff9b:1::/48",  # local-use translation, RFC 8215
        "100::/64",  # discard only, RFC 6666
        "100:0:0:1::/64",  # dummy prefix, RFC 9780
        "2001::/23",  # protocol assignments, RFC 2928: Teredo, benchmarking, ORCHID, anycast
        "2001:db8::/32",  # documentation, RFC 3849
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
        "fc00::/7",  # unique local, RFC 4193
        "fe80::/10",  # link-local, RFC 4291
        "fec0::/10",  # site-local, RFC 3879
        "ff00::/8",  # multicast, RFC 4291
    )
)

_MAPPED: Final = IPv6Network("::ffff:0:0/96")  # RFC 4291 §2.5.5.2
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052 §2.1
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214 §6.1, the upper half of an interface identifier


def is_public_address(address: IPv4Address | IPv6Address) -> bool:
    """Returns whether an address is on the public internet and embeds no private one."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _SPECIAL_IPV4)
    if not all(map(is_public_address, embedded_addresses(address))):
        return False
    if address in _MAPPED or address in _NAT64:
        return True
    return address in _GLOBAL_UNICAST and not any(address in block for block in _SPECIAL_IPV6)


def embedded_addresses(address: IPv6Address) -> Iterator[IPv4Address]:
    """Yields the IPv4 addresses that a host or gateway may extract from an IPv6 address and send to.

    Blocks that are special as a whole are not examined.
    """
    last = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _MAPPED or address in _NAT64 or (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        yield last
    if address.sixtofour is not None:  # RFC 3056 §2
        yield address.sixtofour
