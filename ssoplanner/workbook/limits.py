"""How much the gate lets in, beyond what `ssoplanner.uploads.limits` says of every upload.

What the reading process may use stands at the top of `read_child.py`, which imports nothing of ours.
"""

from ssoplanner.uploads.limits import MIB

MAX_FILE_BYTES = 20 * MIB  # bytes as uploaded

MAX_CSV_LINES = 100_000  # lines of a CSV file
MAX_CSV_LINE_CHARS = 100_000  # characters of one line
