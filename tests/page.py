"""A page of HTML as a browser without scripts would see it."""

from html.parser import HTMLParser

ALONE = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Page(HTMLParser):
    """`tags` has every start tag with its attributes; what is in a <template> is not there.

    `posted` is what the form `form_id` would send, `texts` the text of each element with an id,
    `options` the values of each datalist.
    """

    def __init__(self, html, *, form_id):
        super().__init__()
        self.form_id = form_id
        self.tags, self.posted, self.texts, self.options = [], {}, {}, {}
        self.open = []
        self.select = ""
        self.feed(html)

    @property
    def is_hidden(self):
        return any(tag == "template" for tag, _ in self.open)

    @property
    def in_form(self):
        return any(attributes.get("id") == self.form_id for _, attributes in self.open)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag not in ALONE:
            self.open.append((tag, attributes))
        if self.is_hidden:
            return
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.texts.setdefault(attributes["id"], "")
        if tag == "datalist":
            self.options[attributes["id"]] = []
        if tag == "option":
            self.option(attributes)
        elif self.in_form and "name" in attributes:
            self.control(tag, attributes)

    def control(self, tag, attributes):
        name, kind = attributes["name"], attributes.get("type")
        if tag == "textarea":
            self.posted[name] = ""
        elif tag == "select":
            self.select = name
            self.posted[name] = None
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in attributes):
            self.posted[name] = attributes.get("value", "on" if kind == "checkbox" else "") or ""

    def option(self, attributes):
        parent, known = self.open[-2]
        if parent == "datalist":
            self.options[known["id"]].append(attributes["value"])
        elif self.in_form and self.select in self.posted:
            first = self.posted[self.select] is None
            if first or "selected" in attributes:
                self.posted[self.select] = attributes["value"]

    def handle_data(self, data):
        if self.is_hidden or not self.open:
            return
        for _, attributes in self.open:
            if "id" in attributes:
                self.texts[attributes["id"]] += data
        tag, attributes = self.open[-1]
        if tag == "textarea" and self.in_form:
            before = self.posted[attributes["name"]]
            self.posted[attributes["name"]] = before + (data if before else data.removeprefix("\n"))

    def handle_endtag(self, tag):
        while self.open and tag not in ALONE:
            closed, _ = self.open.pop()
            if closed == tag:
                return
