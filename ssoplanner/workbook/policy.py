"""Who may import: the program office and the analysts. Whose import it is stands in `agencies.upload.imports_of`."""

from ssoplanner.access.policy import Rule, members
from ssoplanner.core.models import Role

IMPORTS = (Role.OFFICE, Role.ANALYST)

POLICY: dict[str, Rule] = {
    "agency_import": members(read=IMPORTS, write=IMPORTS),
    "agency_import_template": members(read=IMPORTS),
    "agency_import_columns": members(read=IMPORTS, write=IMPORTS),
    "agency_import_sheet": members(read=(), write=IMPORTS),
    "agency_import_preview": members(read=IMPORTS, write=IMPORTS),
    "agency_import_left_out": members(read=IMPORTS),
    "agency_import_discard": members(read=(), write=IMPORTS),
}
