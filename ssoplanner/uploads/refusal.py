"""The one exception of the upload gates, and the sentence for a damaged file, which many checks share."""


class UploadRefused(Exception):
    """A file is not taken in. `str()` tells the person who uploaded it what is wrong and what would be right."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}"


def damaged(detail: str) -> UploadRefused:
    """The refusal of a file that no Office program writes like this; `detail` is half a sentence."""
    return UploadRefused(
        f"The file is damaged or was tampered with: {detail}.",
        "Open it in the program that it was made with, save it as a new file and upload that one.",
    )
