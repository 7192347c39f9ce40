"""What a page of HTML says, by Python's own parser: its text and where each element lies."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass(frozen=True)
class Element:
    """An element with its attributes and the stretch of text that lies in it."""

    tag: str
    attributes: dict[str, str]
    start: int
    end: int
    text: str

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class Parsed(HTMLParser):
    """The elements in the order in which they end, and the text. A tag out of order is an AssertionError."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: list[Element] = []
        self._open: list[tuple[str, dict[str, str], int]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in VOID:
            self.elements.append(Element(tag, attributes, len(self.text), len(self.text), ""))
        else:
            self._open.append((tag, attributes, len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        opened, attributes, start = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        self.elements.append(Element(tag, attributes, start, len(self.text), self.text[start:]))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of_class(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.classes]

    def by_id(self, id: str) -> Element:
        (found,) = [element for element in self.elements if element.attributes.get("id") == id]
        return found
