"""What the programs share that edit a mesh by looking at pictures of it."""
