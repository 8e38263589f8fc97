"""Meshes and textures from noise, learnt from pictures; `python -m` runs its commands.

Source:
  Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable Renderer",
  NeurIPS 2019, sections 4.2 and 5.5.
"""
