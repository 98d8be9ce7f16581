"""CIDR arithmetic."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from smlint.readers.terraform.known import Invalid

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import Plain


def _subnet(prefix: str, bits: int, number: int) -> str:
    network = ip_network(prefix, strict=False)
    length = network.prefixlen + bits
    if bits < 0 or length > network.max_prefixlen:
        raise Invalid("cidrsubnet() with too many bits")
    number = number if number >= 0 else 2**bits + number
    if not 0 <= number < 2**bits:
        raise Invalid("cidrsubnet() with a number that is too large")
    first = int(network.network_address) + number * 2 ** (network.max_prefixlen - length)
    return f"{ip_address(first) if network.version == 4 else _v6(first)}/{length}"


def _v6(number: int) -> str:
    from ipaddress import IPv6Address

    return str(IPv6Address(number))


def _host(prefix: str, number: int) -> str:
    network = ip_network(prefix, strict=False)
    number = number if number >= 0 else network.num_addresses + number
    if not 0 <= number < network.num_addresses:
        raise Invalid("cidrhost() with a number that is too large")
    return str(network.network_address + number)


def _netmask(prefix: str) -> str:
    network = ip_network(prefix, strict=False)
    if network.version != 4:
        raise Invalid("cidrnetmask() of IPv6")
    return str(network.netmask)


def _subnets(prefix: str, *bits: int) -> list[str]:
    network = ip_network(prefix, strict=False)
    at = int(network.network_address)
    end = at + network.num_addresses
    made: list[str] = []
    for extra in bits:
        length = network.prefixlen + extra
        if extra < 1 or length > network.max_prefixlen:
            raise Invalid("cidrsubnets() with too many bits")
        size = 2 ** (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > end:
            raise Invalid("cidrsubnets() that do not fit")
        made.append(f"{ip_address(at) if network.version == 4 else _v6(at)}/{length}")
        at += size
    return made


PLAIN: dict[str, Plain] = {
    "cidrhost": ("si", _host),
    "cidrnetmask": ("s", _netmask),
    "cidrsubnet": ("sii", _subnet),
    "cidrsubnets": ("si*", _subnets),
}
