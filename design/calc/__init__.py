"""The calculations of the design phase, without Django."""
