"""How fast the calculations are, each beside something published or plain, measured in one run: `make bench`."""
