"""Checks the links of a built site: files, and anchors within them."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src") and value and tag != "link":
                self.links.append(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def broken(site: Path) -> list[str]:
    """The links within the site that lead nowhere, and those to a file of this machine.

    Args:
        site: folder with HTML files.

    Returns:
        list of "page: link".
    """
    pages: dict[Path, _Page] = {}
    for file in site.rglob("*.html"):
        pages[file.resolve()] = page = _Page()
        page.feed(file.read_text())
    found = []
    for file, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme == "file" or (not parts.scheme and parts.path.startswith("/")):
                found.append(f"{file.relative_to(site.resolve())}: {link}")
            elif parts.scheme or parts.netloc:
                continue  # another site: not ours to check
            else:
                target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
                known = pages.get(target)
                if known is None and not target.is_file():
                    found.append(f"{file.relative_to(site.resolve())}: {link}")
                elif known and parts.fragment and unquote(parts.fragment) not in known.anchors:
                    found.append(f"{file.relative_to(site.resolve())}: {link} (no such anchor)")
    return sorted(set(found))


if __name__ == "__main__":
    wrong = broken(Path(sys.argv[1]))
    print("\n".join(wrong))
    sys.exit(bool(wrong))
