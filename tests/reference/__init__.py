"""Slow, obvious NumPy versions of every op in float64, to which the fast ones are held."""
