"""Rows as a spreadsheet: cells that are read, typed, pasted and saved one by one. One component for every register."""
