"""Where the map's tiles come from, for the content security policy."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SUBDOMAINS = "abc"  # what Leaflet puts in the place of {s}


def tile_origins(tile_url: str) -> list[str]:
    """The origins that images are loaded from: none, one, or one for each subdomain.

    Raises ImproperlyConfigured for what is no address of tiles.
    """
    if not tile_url:
        return []
    hosts = [tile_url.replace("{s}", each) for each in SUBDOMAINS]
    return list(dict.fromkeys(_origin(url) for url in hosts))


def _origin(url: str) -> str:
    address = urlsplit(url)
    whole = all(name in url for name in ("{z}", "{x}", "{y}"))
    host = address.netloc.rpartition("@")[2]
    if (
        address.scheme not in ("https", "http")
        or not host
        or not whole
        or set(host) & set(" ;,{}*")
    ):
        raise ImproperlyConfigured(
            "MAP_TILE_URL is no address of tiles. Write one such as "
            "https://tile.example/{z}/{x}/{y}.png, or leave it out."
        )
    return f"{address.scheme}://{host}"
