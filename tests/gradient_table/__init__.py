"""Which gradient every output has to every input under every gradient model: claims and checks."""
