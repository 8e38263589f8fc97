"""What several tests share: the gradient checker, scenes, the way from golden files to oracles."""
