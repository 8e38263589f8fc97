"""The kernels of `cc/kernels` without TensorFlow: built alone, checked on CPU and GPU, timed."""
