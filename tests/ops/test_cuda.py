"""The CUDA kernels in TensorFlow: that they are there and, on a machine with a GPU, right."""

import ctypes
import pathlib

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import kernel_def_pb2

import tf_mesh_renderer
from tests.conformance.op_cases import CASES
from tools.gpu.checks import GPU_TOLERANCE
from tools.gpu.outcomes import compare

COMPILED = tf_mesh_renderer.build_info().cuda != "none"


class Buffer(ctypes.Structure):
    """TF_Buffer of TensorFlow's C interface."""

    _fields_ = (("data", ctypes.c_void_p), ("length", ctypes.c_size_t), ("free", ctypes.c_void_p))


def registered_kernels(op):
    """What TensorFlow has registered for an op, asked through its C interface."""
    folder = pathlib.Path(tf.sysconfig.get_lib())
    framework = ctypes.CDLL(str(folder / "libtensorflow_framework.so.2"))
    library = ctypes.CDLL(str(folder / "libtensorflow_cc.so.2"))
    framework.TF_NewStatus.restype = ctypes.c_void_p
    status = ctypes.c_void_p(framework.TF_NewStatus())
    ask = library.TF_GetRegisteredKernelsForOp
    ask.restype = ctypes.POINTER(Buffer)
    answer = ask(op.encode(), status)
    kernels = kernel_def_pb2.KernelList()
    kernels.ParseFromString(ctypes.string_at(answer.contents.data, answer.contents.length))
    framework.TF_DeleteStatus(status)
    library.TF_DeleteBuffer(answer)
    return kernels.kernel


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_op_has_a_kernel_in_float(case):
    """Gradients too; where nvcc was not there, no op has one and TensorFlow uses the CPU."""
    kernels = registered_kernels(f"MeshRenderer>{case.title}")
    assert "CPU" in {kernel.device_type for kernel in kernels}
    on_gpu = [kernel for kernel in kernels if kernel.device_type == "GPU"]
    assert len(on_gpu) == COMPILED
    for kernel in on_gpu:
        (constraint,) = kernel.constraint
        assert list(constraint.allowed_values.list.type) == [tf.float32.as_datatype_enum]
        expected = ["image_size"] if "image_size" in case.inputs else []
        assert list(kernel.host_memory_arg) == expected


def test_architectures_are_named():
    """Machine code for A100 and H100 at least."""
    architectures = tf_mesh_renderer.build_info().cuda_architectures
    assert bool(architectures) == COMPILED
    assert {"sm_80", "sm_90"} <= set(architectures) or not COMPILED


@pytest.mark.gpu
@pytest.mark.parametrize("jit_compile", [False, True], ids=["eager", "XLA"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_values_are_those_of_the_cpu(case, jit_compile):
    # TensorFlow would run on the CPU without a word.
    assert tf.config.list_logical_devices("GPU"), "there is no GPU"
    assert COMPILED, "the library has no CUDA kernels"

    def run():
        return case.run(np.float32)

    with tf.device("/CPU:0"):
        expected = run()
    with tf.device("/GPU:0"):
        outputs = (tf.function(run, jit_compile=True) if jit_compile else run)()
    found = list(compare("", outputs, expected, tolerance=GPU_TOLERANCE))
    assert [check for check in found if not check.passed] == []
