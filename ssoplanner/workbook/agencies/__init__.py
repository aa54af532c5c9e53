"""Agencies and their figures from a CSV file or a workbook.

In the order of the way of a file: `upload` reads and keeps it, `guesses` proposes what its columns mean, `mapping` is
what the person decided, `cells` reads single cells, `fates` says what becomes of each row, `preview` shows that,
`applying` does it.
"""
