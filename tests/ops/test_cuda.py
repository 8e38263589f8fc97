"""What can be said of the CUDA kernels on a machine without a GPU: that they are there."""

import pytest
import tensorflow as tf
from tensorflow.python.framework import kernels

import tf_mesh_renderer
from tests.conformance.op_cases import CASES

COMPILED = tf_mesh_renderer.build_info().cuda != "none"


def gpu_kernels(case):
    registered = kernels.get_registered_kernels_for_op(f"MeshRenderer>{case.title}").kernel
    return [kernel for kernel in registered if kernel.device_type == "GPU"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_op_has_a_kernel_in_float(case):
    """Gradients too; where nvcc was not there, no op has one and TensorFlow uses the CPU."""
    found = gpu_kernels(case)
    assert len(found) == COMPILED
    for kernel in found:
        (constraint,) = kernel.constraint
        assert list(constraint.allowed_values.list.type) == [tf.float32.as_datatype_enum]
        expected = ["image_size"] if "image_size" in case.inputs else []
        assert list(kernel.host_memory_arg) == expected


def test_architectures_are_named():
    """Machine code for every GPU since 2018 that the compiler knows."""
    architectures = tf_mesh_renderer.build_info().cuda_architectures
    assert bool(architectures) == COMPILED
    assert {"sm_80", "sm_90"} <= set(architectures) or not COMPILED
