"""What an xlsx workbook may consist of: its parts, their kinds, their links to each other and to the outside.

Source: Office Open XML (ECMA-376 parts 1 and 2) and [MS-OFFMACRO2] for the names of what carries code.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ssoplanner.workbook.limits import MAX_PART_NAME_CHARS, MAX_PARTS, MAX_RELATIONSHIPS
from ssoplanner.workbook.refusal import UploadRefused, damaged
from ssoplanner.workbook.xml_walk import XmlWalk, scan_for_declarations
from ssoplanner.workbook.zip_layout import Member, read_layout, unpack

CONTENT_TYPES_PART = "[Content_Types].xml"
ROOT_RELATIONSHIPS_PART = "_rels/.rels"
WORKBOOK_PART = "xl/workbook.xml"  # the one place where the reading library looks
WORKBOOK_RELATIONSHIPS_PART = "xl/_rels/workbook.xml.rels"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

XML_ENDINGS = ("xml", "rels")
PICTURE_ENDINGS = ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "svg")
TYPES_OF_BIN = ("printersettings", "customproperty")
LINK_SCHEMES = ("http", "https", "mailto")

UPLOAD_A_TABLE = "Upload an .xlsx workbook or a .csv file."
SAVE_WITHOUT_MACROS = "Save it as an .xlsx workbook without macros and upload it again."
MACROS = ("The file holds macros.", SAVE_WITHOUT_MACROS)
OLD_MACROS = ("The file holds Excel 4 macro sheets or dialog sheets.", SAVE_WITHOUT_MACROS)
CONTROLS = (
    "The file holds ActiveX controls.",
    "Delete the controls, save it as an .xlsx workbook and upload it again.",
)
EMBEDDED = (
    "The file holds other documents or objects embedded in it.",
    "Delete the embedded objects, save it as an .xlsx workbook and upload it again.",
)
RIBBON = ("The file changes the menus of the spreadsheet program.", SAVE_WITHOUT_MACROS)
EXTERNAL = (
    "The file takes values from other workbooks or programs (external links).",
    "Replace the linked cells by their values, break the links, save it as an .xlsx workbook and upload it again.",
)
CONNECTED = (
    "The file is connected to outside data (a query or data connection).",
    "Copy the figures into a new .xlsx workbook as values and upload that one.",
)
OUTSIDE = (
    "The file points to content outside itself.",
    "Remove what is loaded from elsewhere (links to web pages may stay), save it as .xlsx and upload it again.",
)
BINARY = ("The file is a binary workbook (.xlsb).", "Save it as an .xlsx workbook and upload that one.")
ADD_IN = ("The file is an add-in or template, not a workbook.", "Save it as an .xlsx workbook and upload that one.")

# Fragments of a part's name, of its content type or of the type of a link to it, in small letters. The first that fits
# gives the reason.
FORBIDDEN_FRAGMENTS = (
    ("vbaproject", MACROS),
    ("vbadata", MACROS),
    ("macrosheet", OLD_MACROS),
    ("dialogsheet", OLD_MACROS),
    ("activex", CONTROLS),
    ("relationships/control", CONTROLS),
    ("embeddings/", EMBEDDED),
    ("oleobject", EMBEDDED),
    ("relationships/package", EMBEDDED),
    ("customui", RIBBON),
    ("ui/extensibility", RIBBON),
    ("attachedtoolbars", RIBBON),
    ("externallink", EXTERNAL),
    ("volatiledependencies", EXTERNAL),
    ("querytable", CONNECTED),
    ("connections", CONNECTED),
)
# The same by element, in the parts that spreadsheet programs read, for content that hides under another name.
FORBIDDEN_ELEMENTS = {
    "macrosheet": OLD_MACROS,
    "dialogsheet": OLD_MACROS,
    "oleObject": EMBEDDED,
    "oleObjects": EMBEDDED,
    "externalReference": EXTERNAL,
    "externalLink": EXTERNAL,
    "ddeLink": EXTERNAL,
    "oleLink": EXTERNAL,
    "queryTable": CONNECTED,
    "connections": CONNECTED,
}
# The type of the workbook part when it is not that of an xlsx workbook: the first fragment that fits gives the reason.
OTHER_WORKBOOK_TYPES = (
    ("sheet.binary", BINARY),
    ("addin", ADD_IN),
    ("macroenabled", MACROS),
    ("template", ADD_IN),
)
# Parts by which another kind of zip file gives itself away.
OTHER_ARCHIVES = (
    ("xl/workbook.bin", BINARY),
    ("word/document.xml", ("The file is a text document, not a workbook.", UPLOAD_A_TABLE)),
    ("ppt/presentation.xml", ("The file is a presentation, not a workbook.", UPLOAD_A_TABLE)),
    ("index/document.iwa", ("The file is a Numbers document.", "Export it as an .xlsx workbook and upload that one.")),
)

_NEVER_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')


def check_xlsx(content: bytes) -> None:
    """Raises UploadRefused unless it is an xlsx workbook in which nothing runs, is embedded or comes from outside."""
    members = read_layout(content)
    _check_names(members)
    _check_forbidden_names(members)
    by_name = {member.name: member for member in members}
    _check_is_workbook(content, by_name)
    inspection = _Inspection(content)
    inspection.read_content_types(by_name[CONTENT_TYPES_PART])
    inspection.check_types([member for member in members if not member.name.endswith("/")])
    for member in members:
        if member.name != CONTENT_TYPES_PART:
            inspection.check_part(member)
    inspection.check_workbook_is_linked()


def _check_names(members: list[Member]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.name
        plain = unquote(name)  # a reader may undo %2e%2e or not: both must be harmless
        if _NEVER_IN_A_NAME.search(plain) or len(name) > MAX_PART_NAME_CHARS:
            raise damaged("the name of a part is not one that spreadsheet programs use")
        if any(segment.strip(" ") in ("", ".", "..") for segment in plain.removesuffix("/").split("/")):
            raise damaged("the name of a part leads out of the workbook")
        if name.endswith("/") and member.unpacked:
            raise damaged("a folder inside it holds data")
        key = unicodedata.normalize("NFKC", plain).casefold().removesuffix("/")
        if key in seen:
            raise damaged(f"the part “{name}” is there twice")
        seen.add(key)


def _check_forbidden_names(members: list[Member]) -> None:
    for member in members:
        _refuse_fragments(member.name)


def _refuse_fragments(text: str) -> None:
    small = text.casefold()
    for fragment, reason in FORBIDDEN_FRAGMENTS:
        if fragment in small:
            raise UploadRefused(*reason)


def _check_is_workbook(content: bytes, by_name: dict[str, Member]) -> None:
    if "mimetype" in by_name:
        kind = b"".join(unpack(content, by_name["mimetype"], 0))[:200]
        if b"opendocument" in kind:
            raise UploadRefused(
                "The file is an OpenDocument file (.ods).",
                "Save it in your spreadsheet program as an .xlsx workbook and upload that one.",
            )
    small_names = {name.casefold() for name in by_name}
    for name, reason in OTHER_ARCHIVES:
        if name in small_names:
            raise UploadRefused(*reason)
    if not any(name.startswith("xl/") for name in small_names):
        raise UploadRefused(
            "The file is a zip archive, not a workbook.", "Unpack it and upload the .xlsx workbook or .csv file itself."
        )
    for part in (CONTENT_TYPES_PART, ROOT_RELATIONSHIPS_PART, WORKBOOK_PART, WORKBOOK_RELATIONSHIPS_PART):
        if part not in by_name:
            raise damaged(f"the part “{part}” is missing")


@dataclass(frozen=True)
class _Link:
    """One relationship: what kind it is and where it leads."""

    kind: str
    target: str
    external: bool


class _Inspection:
    """One pass over the parts. Counts bytes, elements and links of the whole workbook while it goes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.spent = 0
        self.links = 0
        self.workbook_is_linked = False
        self.type_of_ending: dict[str, str] = {}
        self.type_of_part: dict[str, str] = {}
        self.xml = XmlWalk()

    def read_content_types(self, member: Member) -> None:
        def on_start(element: str, attributes: dict[str, str]) -> None:
            kind = attributes.get("ContentType", "").strip().casefold()
            first = kind
            if element == "Default":
                first = self.type_of_ending.setdefault(attributes.get("Extension", "").casefold(), kind)
            elif element == "Override":
                name = attributes.get("PartName", "").removeprefix("/").casefold()
                first = self.type_of_part.setdefault(name, kind)
            if first != kind:
                raise damaged("it declares two different types for the same part")
            if len(self.type_of_ending) + len(self.type_of_part) > MAX_PARTS:
                raise damaged(f"it declares the types of more than {MAX_PARTS:,} parts")

        self.xml.walk(member.name, self._unpack(member), on_start)

    def check_types(self, members: list[Member]) -> None:
        """The declared type of each part is one that a plain workbook has, and so is the ending of its name."""
        workbook_type = self._type_of(WORKBOOK_PART)
        for fragment, reason in OTHER_WORKBOOK_TYPES:
            if fragment in workbook_type:
                raise UploadRefused(*reason)
        if workbook_type != XLSX_TYPE:
            raise damaged("it does not say that it is an xlsx workbook")
        for member in members:
            kind, ending = self._type_of(member.name), _ending(member.name)
            _refuse_fragments(kind)
            if ending == "bin" and any(known in kind for known in TYPES_OF_BIN):
                continue
            if ending not in (*XML_ENDINGS, *PICTURE_ENDINGS, "vml", "sigs"):
                raise UploadRefused(
                    f"The file holds a part that does not belong into a plain workbook: “{member.name}”.",
                    "Copy the sheets into a new .xlsx workbook and upload that one.",
                )

    def check_part(self, member: Member) -> None:
        chunks = self._unpack(member)
        ending = _ending(member.name)
        if ending == "rels":
            self.xml.walk(member.name, chunks, lambda element, found: self._on_link(member.name, element, found))
        elif ending in XML_ENDINGS and member.name.casefold().startswith("xl/"):
            self.xml.walk(member.name, chunks, _refuse_element)
        elif ending in XML_ENDINGS:  # properties and attachments of other programs, which may be in UTF-16
            self.xml.walk(member.name, chunks, utf8_only=False)
        else:  # pictures, printer settings and the old drawing language, in which Excel leaves tags open
            scan_for_declarations(member.name, chunks)

    def check_workbook_is_linked(self) -> None:
        if not self.workbook_is_linked:
            raise damaged(f"nothing links to the part “{WORKBOOK_PART}”")

    def _unpack(self, member: Member) -> Iterator[bytes]:
        yield from unpack(self.content, member, self.spent)
        self.spent += member.unpacked  # which unpack has proved by now

    def _type_of(self, name: str) -> str:
        small = name.casefold()
        return self.type_of_part.get(small) or self.type_of_ending.get(_ending(name), "")

    def _on_link(self, part: str, element: str, attributes: dict[str, str]) -> None:
        if element != "Relationship":
            return
        self.links += 1
        if self.links > MAX_RELATIONSHIPS:
            raise damaged(f"it holds more than {MAX_RELATIONSHIPS:,} links")
        mode = attributes.get("TargetMode", "Internal").strip().casefold()
        link = _Link(attributes.get("Type", ""), attributes.get("Target", "").strip(), mode != "internal")
        _check_link(part, link)
        if part == ROOT_RELATIONSHIPS_PART and link.kind.endswith("/officeDocument"):
            if _resolve(part, link.target) != WORKBOOK_PART:
                raise damaged(f"its workbook is not the part “{WORKBOOK_PART}”")
            self.workbook_is_linked = True


def _refuse_element(element: str, _attributes: dict[str, str]) -> None:
    if element in FORBIDDEN_ELEMENTS:
        raise UploadRefused(*FORBIDDEN_ELEMENTS[element])


def _check_link(part: str, link: _Link) -> None:
    """Links inside stay inside and lead to XML where data is read from; outside, only hyperlinks may point."""
    _refuse_fragments(link.kind)
    if link.target.startswith("#"):  # a place in this workbook
        return
    try:
        scheme = urlsplit(link.target).scheme.casefold()
    except ValueError as error:
        raise damaged("one of its links is garbled") from error
    if link.external:
        if not link.kind.endswith("/hyperlink") or scheme not in LINK_SCHEMES:
            raise UploadRefused(*OUTSIDE)
        return
    if scheme or link.target.startswith("//"):
        raise UploadRefused(*OUTSIDE)
    target = _resolve(part, link.target)
    _refuse_fragments(target)
    if part == WORKBOOK_RELATIONSHIPS_PART and _ending(target) != "xml":
        raise damaged("it reads its sheets from a part that is not XML")


def _resolve(part: str, target: str) -> str:
    """The name of the part that an internal link of `part` leads to; UploadRefused if it leads out of the workbook."""
    path = unquote(target.partition("#")[0])
    if _NEVER_IN_A_NAME.search(path):
        raise damaged("one of its links leads out of the workbook")
    folder = posixpath.dirname(posixpath.dirname(part))  # the links of a/b.xml are in a/_rels/b.xml.rels
    steps = [] if path.startswith("/") else folder.split("/")
    for step in path.split("/"):
        if step == ".." and not any(steps):
            raise damaged("one of its links leads out of the workbook")
        if step == "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(filter(None, steps))


def _ending(name: str) -> str:
    return posixpath.splitext("x" + posixpath.basename(name))[1].removeprefix(".").casefold()
