"""One family of shapes for each category, one file for each family.

A family draws all that it needs, kinds, proportions and colours, from a generator and a palette,
and returns parts of any size in any place.
"""
