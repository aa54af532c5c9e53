"""How much the gates let in, whatever the upload is for. The size of a file is each gate's own."""

KIB = 1024
MIB = 1024 * KIB

MAX_NAME_CHARS = 255  # characters of the file's name

MAX_PARTS = 2_000  # files inside one Office file
MAX_UNPACKED_BYTES = 200 * MIB  # bytes that really come out of the whole file, counted while unpacking
MAX_RATIO = 250  # unpacked bytes for one packed byte; sheets of figures reach 20 to 60, deflate's end is 1,032
RATIO_FREE_BYTES = 1 * MIB  # unpacked bytes of a part below which its ratio does not matter
MAX_PART_NAME_CHARS = 255  # characters of a part's name

MAX_XML_DEPTH = 100  # elements inside one another; real files stay under 40
MAX_XML_ELEMENTS = 5_000_000  # elements of all parts together, about a million filled cells
MAX_XML_TAG_BYTES = 1 * MIB  # bytes of one tag or comment: an unfinished one is scanned anew with every chunk
MAX_RELATIONSHIPS = 100_000  # links of all parts together; a sheet may hold 65,530 hyperlinks

CHUNK_BYTES = 64 * KIB  # bytes unpacked and parsed at once
