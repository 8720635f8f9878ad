"""The URL configuration as a list, and the links of a page: what a generated test walks."""

import html
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from django.contrib.admin.utils import quote as admin_quote
from django.urls import URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
LINK = re.compile(r'\s(?:href|action)="([^"]*)"')
OBJECT = ("object_id", "id")


@dataclass(frozen=True)
class Route:
    """A path as Django writes it, such as admin/audience/person/<path:object_id>/change/."""

    path: str

    @property
    def parameters(self):
        return PARAMETER.findall(self.path)

    @property
    def takes_one_object(self):
        return len(self.parameters) == 1 and self.parameters[0] in OBJECT

    @property
    def model(self):
        """admin/audience/person/… is about audience.person."""
        _admin, app, model, *_rest = self.path.split("/")
        return f"{app}.{model}"

    def of(self, key):
        """The path of one object; `key` is what its own pages are addressed by."""
        return "/" + PARAMETER.sub(lambda _: quote(admin_quote(key)), self.path)


def routes(prefix):
    """Everything below a prefix, in the order in which Django tries it."""
    return [one for one in _walk(get_resolver(), "") if one.path.startswith(prefix)]


def links_in(page, answer):
    """Where one can go in the admin from a page that was answered."""
    if "text/html" not in answer.get("Content-Type", ""):
        return set()
    found = LINK.findall(answer.content.decode())
    there = {urljoin(page, html.unescape(one).partition("#")[0]) for one in found}
    return {one for one in there if one.startswith("/admin/")}


def _walk(resolver, before):
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, path)
        else:
            yield Route(path)
