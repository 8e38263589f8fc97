"""One module for each command: the flags it has, and what it does with them."""
