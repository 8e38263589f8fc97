"""The commands, one module each: their flags and what they do with them."""
