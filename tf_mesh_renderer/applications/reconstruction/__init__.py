"""Shapes from single pictures, learnt from silhouettes; `python -m` runs its commands.

Source:
  Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 4.1; Liu et al., "Soft
  Rasterizer", ICCV 2019, section 4.1; Chen et al., "Learning to Predict 3D Objects with an
  Interpolation-based Differentiable Renderer", NeurIPS 2019, sections 4.1 and 5.1.
"""
