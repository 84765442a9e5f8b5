"""Everything in a page that a browser would act on: scripts, handlers, frames, forms, links that run something."""

import re
from html.parser import HTMLParser

ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "form", "meta", "base", "link", "style", "portal"}
LINKS = {"href", "src", "action", "formaction", "xlink:href", "data", "srcdoc", "background", "poster"}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.inside = set(), None

    def handle_starttag(self, tag, attributes):
        if tag in ACTIVE:
            self.found.add((tag, tuple(attributes)))
        if tag in ("script", "style"):
            self.inside = tag
        for name, value in attributes:
            squeezed = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on"):
                self.found.add((tag, name, value))
            if name in LINKS and squeezed.startswith(("javascript:", "vbscript:", "data:text", "data:image/svg")):
                self.found.add((tag, name, value))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.inside = None if tag == self.inside else self.inside

    def handle_data(self, data):
        if self.inside:
            self.found.add((self.inside, data.strip()))


def active_in(page):
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found
