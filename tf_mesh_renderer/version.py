"""The version of tf_mesh_renderer; setup.py and the Bazel build read it from here."""

__version__ = "0.1.0"
