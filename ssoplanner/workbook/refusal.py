"""The one exception of the upload gate, and the sentence for a damaged workbook, which many checks share."""


class UploadRefused(Exception):
    """A file is not taken in. `str()` tells the person who uploaded it what is wrong and what would be right."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}"


def damaged(detail: str) -> UploadRefused:
    """The refusal of a workbook that no spreadsheet program writes like this; `detail` is half a sentence."""
    return UploadRefused(
        f"The workbook is damaged or was tampered with: {detail}.",
        "Open it in your spreadsheet program, save it as a new .xlsx workbook and upload that one.",
    )
