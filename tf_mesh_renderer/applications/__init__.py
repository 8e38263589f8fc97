"""Whole experiments with a command line each; not imported with the package.

They need the extra `applications`: pip install 'tf_mesh_renderer[applications]'.
"""
