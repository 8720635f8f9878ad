"""The origins that the map's tiles may come from."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from orchestrator.tiles import tile_origins


def test_no_tiles_allow_no_other_server():
    assert tile_origins("") == []


def test_only_the_origin_is_allowed():
    url = "https://tile.example:8443/maps/{z}/{x}/{y}.png?key=1"

    assert tile_origins(url) == ["https://tile.example:8443"]


def test_each_subdomain_is_named():
    hosts = tile_origins("https://{s}.tile.example/{z}/{x}/{y}.png")

    assert hosts == [f"https://{one}.tile.example" for one in "abc"]


@pytest.mark.parametrize(
    "url",
    [
        "tile.example/{z}/{x}/{y}.png",
        "https://tile.example/",
        "https:///{z}/{x}/{y}.png",
        "javascript://x/{z}/{x}/{y}",
        "https://tile.example; script-src */{z}/{x}/{y}.png",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="MAP_TILE_URL"):
        tile_origins(url)
