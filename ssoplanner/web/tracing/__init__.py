"""How a figure came about: its formula in words, its inputs, who changed them last, when it was computed."""
