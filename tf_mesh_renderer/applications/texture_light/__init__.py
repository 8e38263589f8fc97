"""Texture and light from single pictures: training of DIB-R's network, its measures and uses.

`python -m tf_mesh_renderer.applications.texture_light COMMAND --help` describes the commands.
"""
