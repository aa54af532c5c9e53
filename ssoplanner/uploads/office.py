"""What an Office file may consist of: its parts, their kinds, their links to each other and to the outside.

The same for a workbook, a text document and a presentation, which an `OfficeKind` tells apart. What a field of a text
document asks for when it is updated (its instruction is plain text) is not looked at.

Source: Office Open XML (ECMA-376 parts 1 and 2) and [MS-OFFMACRO2] for the names of what carries code.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ssoplanner.uploads.limits import MAX_PART_NAME_CHARS, MAX_PARTS, MAX_RELATIONSHIPS
from ssoplanner.uploads.refusal import UploadRefused, damaged
from ssoplanner.uploads.xml_walk import XmlWalk, scan_for_declarations
from ssoplanner.uploads.zip_layout import Member, read_layout, unpack


@dataclass(frozen=True)
class OfficeKind:
    """One kind of Office file. `right` is what to save as; `instead` says what to do with a file of another kind.

    `main` is a pattern for the name of the part that a reader begins with.
    """

    noun: str
    right: str
    instead: str
    folder: str
    main: str
    main_part: str
    main_type: str
    endings: tuple[str, ...] = ()  # of parts that only this kind has


OFFICE_TYPES = "application/vnd.openxmlformats-officedocument."
WORKBOOK = OfficeKind(
    noun="workbook",
    right="an .xlsx workbook",
    instead="Upload an .xlsx workbook or a .csv file.",
    folder="xl/",
    main=r"xl/workbook\.xml",  # the one place where the reading library looks
    main_part="xl/workbook.xml",
    main_type=f"{OFFICE_TYPES}spreadsheetml.sheet.main+xml",
)
DOCUMENT = OfficeKind(
    noun="text document",
    right="a .docx document",
    instead="Give it the ending of what it is, .docx for a text document, and upload it again.",
    folder="word/",
    main=r"word/document\d*\.xml",
    main_part="word/document.xml",
    main_type=f"{OFFICE_TYPES}wordprocessingml.document.main+xml",
    endings=("odttf",),
)
PRESENTATION = OfficeKind(
    noun="presentation",
    right="a .pptx presentation",
    instead="Give it the ending of what it is, .pptx for a presentation, and upload it again.",
    folder="ppt/",
    main=r"ppt/presentation\d*\.xml",
    main_part="ppt/presentation.xml",
    main_type=f"{OFFICE_TYPES}presentationml.presentation.main+xml",
    endings=("fntdata", "mp3", "m4a", "wav", "mp4", "m4v", "mov", "wmv"),
)
KINDS = (WORKBOOK, DOCUMENT, PRESENTATION)

CONTENT_TYPES_PART = "[Content_Types].xml"
ROOT_RELATIONSHIPS_PART = "_rels/.rels"

XML_ENDINGS = ("xml", "rels")
PICTURE_ENDINGS = ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "svg")
TYPES_OF_BIN = ("printersettings", "customproperty")
LINK_SCHEMES = ("http", "https", "mailto")

# A reason and a remedy, in which {right} stands for what to save as.
Reason = tuple[str, str]
SAVE_WITHOUT_MACROS = "Save it as {right} without macros and upload it again."
MACROS: Reason = ("The file holds macros.", SAVE_WITHOUT_MACROS)
OLD_MACROS: Reason = ("The file holds Excel 4 macro sheets or dialog sheets.", SAVE_WITHOUT_MACROS)
CONTROLS: Reason = (
    "The file holds ActiveX controls.",
    "Delete the controls, save it as {right} and upload it again.",
)
EMBEDDED: Reason = (
    "The file holds other documents or objects embedded in it.",
    "Delete the embedded objects or put pictures in their place, save it as {right} and upload it again.",
)
RIBBON: Reason = ("The file changes the menus of the Office program.", SAVE_WITHOUT_MACROS)
EXTERNAL: Reason = (
    "The file takes values from other files or programs (external links).",
    "Replace what is linked by its values, break the links, save it as {right} and upload it again.",
)
CONNECTED: Reason = (
    "The file is connected to outside data (a query or data connection).",
    "Copy the figures into a new .xlsx workbook as values and upload that one.",
)
OUTSIDE: Reason = (
    "The file points to content outside itself.",
    "Remove what is loaded from elsewhere (links to web pages may stay), save it as {right} and upload it again.",
)
BINARY: Reason = ("The file is a binary workbook (.xlsb).", "Save it as an .xlsx workbook and upload that one.")
ADD_IN: Reason = ("The file is an add-in or template.", "Save it as {right} and upload that one.")
OPEN_DOCUMENT: Reason = (
    "The file is an OpenDocument file (.ods, .odt or .odp).",
    "Save it in your Office program as {right} and upload that one.",
)
FOREIGN_PART = (
    "The file holds a part that does not belong into a plain {noun}: “{part}”.",
    "Copy its content into a new file, save it as {right} and upload that one.",
)

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
    ("afchunk", EMBEDDED),
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
# The type of the main part when it is not that of its kind: the first fragment that fits gives the reason.
OTHER_MAIN_TYPES = (
    ("sheet.binary", BINARY),
    ("addin", ADD_IN),
    ("macroenabled", MACROS),
    ("template", ADD_IN),
)
_NEVER_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')


def refusal(reason: Reason, kind: OfficeKind) -> UploadRefused:
    """The refusal of a file that should be of `kind`."""
    return UploadRefused(reason[0], reason[1].format(right=kind.right))


def check_office(content: bytes, kind: OfficeKind) -> None:
    """Raises UploadRefused unless it is of this kind, and nothing in it runs, is embedded or comes from outside."""
    members = read_layout(content)
    _check_names(members)
    for member in members:
        _refuse_fragments(member.name, kind)
    by_name = {member.name: member for member in members}
    inspection = _Inspection(content, kind, _main_part(content, by_name, kind))
    inspection.read_content_types(by_name[CONTENT_TYPES_PART])
    inspection.check_types([member for member in members if not member.name.endswith("/")])
    for member in members:
        if member.name != CONTENT_TYPES_PART:
            inspection.check_part(member)
    inspection.check_main_part_is_linked()


def _check_names(members: list[Member]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.name
        plain = unquote(name)  # a reader may undo %2e%2e or not: both must be harmless
        if _NEVER_IN_A_NAME.search(plain) or len(name) > MAX_PART_NAME_CHARS:
            raise damaged("the name of a part is not one that Office programs use")
        if any(segment.strip(" ") in ("", ".", "..") for segment in plain.removesuffix("/").split("/")):
            raise damaged("the name of a part leads out of the file")
        if name.endswith("/") and member.unpacked:
            raise damaged("a folder inside it holds data")
        key = unicodedata.normalize("NFKC", plain).casefold().removesuffix("/")
        if key in seen:
            raise damaged(f"the part “{name}” is there twice")
        seen.add(key)


def _refuse_fragments(text: str, kind: OfficeKind) -> None:
    small = text.casefold()
    for fragment, reason in FORBIDDEN_FRAGMENTS:
        if fragment in small:
            raise refusal(reason, kind)


def _main_part(content: bytes, by_name: dict[str, Member], kind: OfficeKind) -> str:
    """The name of the part that a reader begins with. Raises UploadRefused if the file is of another kind."""
    _refuse_other_archives(content, by_name, kind)
    main = next((name for name in by_name if re.fullmatch(kind.main, name)), kind.main_part)
    for part in (CONTENT_TYPES_PART, ROOT_RELATIONSHIPS_PART, main, relationships_of(main)):
        if part not in by_name:
            raise damaged(f"the part “{part}” is missing")
    return main


def _refuse_other_archives(content: bytes, by_name: dict[str, Member], kind: OfficeKind) -> None:
    """Another kind of zip file gives itself away by a part."""
    if "mimetype" in by_name and b"opendocument" in b"".join(unpack(content, by_name["mimetype"], 0))[:200]:
        raise refusal(OPEN_DOCUMENT, kind)
    small_names = {name.casefold() for name in by_name}
    if "xl/workbook.bin" in small_names:
        raise refusal(BINARY, kind)
    for other in KINDS:
        if other is not kind and other.main_part in small_names:
            raise UploadRefused(f"The file is a {other.noun}, not a {kind.noun}.", kind.instead)
    if "index/document.iwa" in small_names:
        reason = ("The file is a Pages, Numbers or Keynote document.", "Export it as {right} and upload that one.")
        raise refusal(reason, kind)
    if not any(name.startswith(kind.folder) for name in small_names):
        raise UploadRefused(f"The file is a zip archive, not a {kind.noun}.", "Unpack it and upload the file itself.")


def relationships_of(part: str) -> str:
    """The name of the part that holds the links of `part`."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


@dataclass(frozen=True)
class _Link:
    """One relationship: what kind it is and where it leads."""

    kind: str
    target: str
    external: bool


class _Inspection:
    """One pass over the parts. Counts bytes, elements and links of the whole file while it goes."""

    def __init__(self, content: bytes, kind: OfficeKind, main: str) -> None:
        self.content, self.kind, self.main = content, kind, main
        self.spent = 0
        self.links = 0
        self.main_is_linked = False
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
        """The declared type of each part is one that a plain file has, and so is the ending of its name."""
        main_type = self._type_of(self.main)
        for fragment, reason in OTHER_MAIN_TYPES:
            if fragment in main_type:
                raise refusal(reason, self.kind)
        if main_type != self.kind.main_type:
            raise damaged(f"it does not say that it is {self.kind.right}")
        for member in members:
            self._check_type(member.name)

    def _check_type(self, part: str) -> None:
        declared, ending = self._type_of(part), _ending(part)
        _refuse_fragments(declared, self.kind)
        if ending == "bin" and any(known in declared for known in TYPES_OF_BIN):
            return
        if ending not in (*XML_ENDINGS, *PICTURE_ENDINGS, *self.kind.endings, "vml", "sigs"):
            reason, remedy = FOREIGN_PART
            words = {"noun": self.kind.noun, "right": self.kind.right, "part": part}
            raise UploadRefused(reason.format(**words), remedy.format(**words))

    def check_part(self, member: Member) -> None:
        chunks = self._unpack(member)
        ending = _ending(member.name)
        if ending == "rels":
            self.xml.walk(member.name, chunks, lambda element, found: self._on_link(member.name, element, found))
        elif ending in XML_ENDINGS and member.name.casefold().startswith(self.kind.folder):
            self.xml.walk(member.name, chunks, self._on_element)
        elif ending in XML_ENDINGS:  # properties and attachments of other programs, which may be in UTF-16
            self.xml.walk(member.name, chunks, utf8_only=False)
        else:  # pictures, printer settings and the old drawing language, in which Excel leaves tags open
            scan_for_declarations(member.name, chunks)

    def check_main_part_is_linked(self) -> None:
        if not self.main_is_linked:
            raise damaged(f"nothing links to the part “{self.main}”")

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
        self._check_link(part, link)
        if part == ROOT_RELATIONSHIPS_PART and link.kind.endswith("/officeDocument"):
            if _resolve(part, link.target) != self.main:
                raise damaged(f"its {self.kind.noun} is not the part “{self.main}”")
            self.main_is_linked = True

    def _on_element(self, element: str, _attributes: dict[str, str]) -> None:
        if element in FORBIDDEN_ELEMENTS:
            raise refusal(FORBIDDEN_ELEMENTS[element], self.kind)

    def _check_link(self, part: str, link: _Link) -> None:
        """Links inside stay inside and lead to XML where sheets are read from; outside, only hyperlinks may point."""
        _refuse_fragments(link.kind, self.kind)
        if link.target.startswith("#"):  # a place in this file
            return
        try:
            scheme = urlsplit(link.target).scheme.casefold()
        except ValueError as error:
            raise damaged("one of its links is garbled") from error
        if link.external:
            if not link.kind.endswith("/hyperlink") or scheme not in LINK_SCHEMES:
                raise refusal(OUTSIDE, self.kind)
            return
        if scheme or link.target.startswith("//"):
            raise refusal(OUTSIDE, self.kind)
        target = _resolve(part, link.target)
        _refuse_fragments(target, self.kind)
        if self.kind is WORKBOOK and part == relationships_of(self.main) and _ending(target) != "xml":
            raise damaged("it reads its sheets from a part that is not XML")


def _resolve(part: str, target: str) -> str:
    """The name of the part that an internal link of `part` leads to; UploadRefused if it leads out."""
    path = unquote(target.partition("#")[0])
    if _NEVER_IN_A_NAME.search(path):
        raise damaged("one of its links leads out of the file")
    folder = posixpath.dirname(posixpath.dirname(part))  # the links of a/b.xml are in a/_rels/b.xml.rels
    steps = [] if path.startswith("/") else folder.split("/")
    for step in path.split("/"):
        if step == ".." and not any(steps):
            raise damaged("one of its links leads out of the file")
        if step == "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(filter(None, steps))


def _ending(name: str) -> str:
    return posixpath.splitext("x" + posixpath.basename(name))[1].removeprefix(".").casefold()
