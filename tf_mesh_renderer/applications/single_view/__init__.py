"""DIB-R's experiment on photographs: shape, texture and light from one, learnt from single ones.

`python -m tf_mesh_renderer.applications.single_view train|evaluate|predict`, see
docs/real_images.md.
"""
