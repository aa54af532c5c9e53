"""One walk through the XML of an Office file's part, in chunks, with every limit on.

The parser is the standard library's expat with the refusals of defusedxml (no document type, no entity); defusedxml
itself cannot be fed a stream chunk by chunk with a limit on depth and on the length of a tag.
"""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from ssoplanner.uploads.limits import MAX_XML_DEPTH, MAX_XML_ELEMENTS, MAX_XML_TAG_BYTES
from ssoplanner.uploads.refusal import UploadRefused, damaged

UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
ENCODINGS = ("utf-8", "utf8", "us-ascii", "utf-16")
DECLARATIONS = tuple(
    word.encode(encoding) for word in ("<!doctype", "<!entity") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)

OnStart = Callable[[str, dict[str, str]], None]


class XmlWalk:
    """Walks part after part and counts their elements together, so that the limit holds for the whole file."""

    def __init__(self) -> None:
        self.elements = 0

    def walk(
        self,
        part: str,
        chunks: Iterable[bytes],
        on_start: OnStart | None = None,
        *,
        utf8_only: bool = True,
    ) -> None:
        """Calls `on_start(local name, attributes)` for each element.

        Raises UploadRefused for a document type or entity, XML that is not well-formed, a limit passed, or an encoding
        that the reading library would not understand.
        """
        _Part(self, part, on_start, utf8_only).parse(chunks)

    def count_element(self) -> None:
        self.elements += 1
        if self.elements > MAX_XML_ELEMENTS:
            raise UploadRefused(
                "The file holds more content and formatting than can be looked through at once.",
                "Delete what is not needed or split it into several files, and upload them one by one.",
            )


class _Part:
    def __init__(
        self,
        walk: XmlWalk,
        part: str,
        on_start: OnStart | None,
        utf8_only: bool,
    ) -> None:
        self.walk, self.part, self.on_start, self.utf8_only = walk, part, on_start, utf8_only
        self.depth = 0
        self.encoding = "utf-8"
        parser = self.parser = expat.ParserCreate()
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._forbidden
        parser.EntityDeclHandler = self._forbidden
        parser.UnparsedEntityDeclHandler = self._forbidden
        parser.ExternalEntityRefHandler = self._forbidden
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def parse(self, chunks: Iterable[bytes]) -> None:
        fed = 0
        try:
            for chunk in chunks:
                if fed == 0 and chunk.startswith(UTF16_STARTS):
                    self.encoding = "utf-16"
                self.parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - self.parser.CurrentByteIndex > MAX_XML_TAG_BYTES + len(chunk):
                    raise damaged(f"the part “{self.part}” holds a tag of more than {MAX_XML_TAG_BYTES:,} bytes")
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged(f"the part “{self.part}” is not well-formed XML") from error
        except (ValueError, LookupError) as error:  # expat asks Python for encodings that it does not know itself
            raise damaged(f"the part “{self.part}” is not written in UTF-8") from error

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and self.encoding != "utf-16":
            self.encoding = encoding.lower()

    def _forbidden(self, *_: object) -> bool:
        raise forbidden_declaration(self.part)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 0:  # not sooner: a document type comes before the first element and is the graver reason
            self._check_encoding()
        self.depth += 1
        if self.depth > MAX_XML_DEPTH:
            raise damaged(f"the part “{self.part}” nests more than {MAX_XML_DEPTH} levels deep")
        self.walk.count_element()
        if self.on_start:
            self.on_start(name.rpartition(":")[2], attributes)

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _check_encoding(self) -> None:
        if self.encoding not in ENCODINGS or (self.utf8_only and self.encoding == "utf-16"):
            raise damaged(f"the part “{self.part}” is not written in UTF-8")


def scan_for_declarations(part: str, chunks: Iterable[bytes]) -> None:
    """Refuses a document type or entity in a part that need not be well-formed and that nothing of ours parses."""
    overlap = max(map(len, DECLARATIONS))
    tail = b""
    for chunk in chunks:
        window = (tail + chunk).lower()
        if any(word in window for word in DECLARATIONS):
            raise forbidden_declaration(part)
        tail = window[-overlap:]


def forbidden_declaration(part: str) -> UploadRefused:
    return UploadRefused(
        f"The file's part “{part}” declares a document type or entities, which Office programs never write.",
        "Open it in the program that it was made with, save it as a new file and upload that one.",
    )
