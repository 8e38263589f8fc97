"""Where the arrays of a kernel are: in the memory of the CPU, or of the GPU by CuPy or PyTorch.

Each class has

  suffix, how_type, how()   which C functions run there, and their second argument
  put(array)                a copy in that memory
  get(buffer)               a copy as an array
  pointer(buffer)
  times(function, runs)     milliseconds of each of so many calls
  facts()                   what a time means nothing without
"""

import ctypes
import os
import time

import numpy as np

MILLISECONDS = 1e3


class HostMemory:
    """Memory of the CPU; kernels run with `threads` threads."""

    suffix = "Cpu"
    how_type = ctypes.c_int

    def __init__(self, threads=1):
        self.threads = threads

    def how(self):
        return self.threads

    def put(self, array):
        return array.copy()

    def get(self, buffer):
        return buffer.copy()

    def pointer(self, buffer):
        return buffer.ctypes.data

    def times(self, function, runs):
        found = []
        for _ in range(runs):
            start = time.perf_counter()
            function()
            found.append((time.perf_counter() - start) * MILLISECONDS)
        return found

    def facts(self):
        return {"threads": self.threads}


class _GpuMemory:
    """What both packages have in common: kernels are queued on a stream."""

    suffix = "Cuda"
    how_type = ctypes.c_void_p

    def times(self, function, runs):
        events = [(self._event(), self._event()) for _ in range(runs)]
        for start, end in events:
            self._record(start)
            function()
            self._record(end)
        self._wait()
        return [self._elapsed(start, end) for start, end in events]


class CupyMemory(_GpuMemory):
    """Memory of the GPU, by CuPy."""

    def __init__(self):
        import cupy

        cupy.cuda.runtime.getDeviceProperties(0)  # fails here where there is no GPU
        # Each array is an allocation of its own, beyond which compute-sanitizer sees accesses.
        cupy.cuda.set_allocator(None)
        self._cupy = cupy
        self._stream = cupy.cuda.Stream(non_blocking=True)

    def how(self):
        return self._stream.ptr

    def put(self, array):
        buffer = self._cupy.empty(array.shape, array.dtype)
        if array.size:
            buffer.set(array)
        self._cupy.cuda.runtime.deviceSynchronize()
        return buffer

    def get(self, buffer):
        self._wait()
        return buffer.get()

    def pointer(self, buffer):
        return buffer.data.ptr

    def facts(self):
        runtime = self._cupy.cuda.runtime
        properties = runtime.getDeviceProperties(0)
        return {
            "gpu": properties["name"].decode(),
            "compute_capability": f"{properties['major']}.{properties['minor']}",
            "memory_by": f"cupy {self._cupy.__version__}",
        }

    def _event(self):
        return self._cupy.cuda.Event()

    def _record(self, event):
        event.record(self._stream)

    def _wait(self):
        self._stream.synchronize()

    def _elapsed(self, start, end):
        return self._cupy.cuda.get_elapsed_time(start, end)


class TorchMemory(_GpuMemory):
    """Memory of the GPU, by PyTorch."""

    def __init__(self):
        import torch

        self._torch = torch
        self._stream = torch.cuda.Stream()  # fails here where there is no GPU

    def how(self):
        return self._stream.cuda_stream

    def put(self, array):
        buffer = self._torch.from_numpy(np.array(array)).to("cuda")
        self._torch.cuda.synchronize()
        return buffer

    def get(self, buffer):
        self._wait()
        return buffer.cpu().numpy()

    def pointer(self, buffer):
        return buffer.data_ptr()

    def facts(self):
        major, minor = self._torch.cuda.get_device_capability(0)
        return {
            "gpu": self._torch.cuda.get_device_name(0),
            "compute_capability": f"{major}.{minor}",
            "memory_by": f"torch {self._torch.__version__}",
        }

    def _event(self):
        return self._torch.cuda.Event(enable_timing=True)

    def _record(self, event):
        event.record(self._stream)

    def _wait(self):
        self._stream.synchronize()

    def _elapsed(self, start, end):
        return start.elapsed_time(end)


def gpu_memory():
    """Memory of the GPU by whichever package has one, and why the others have not.

    Returns:
      `CupyMemory`, `TorchMemory` or None; a list of texts.
    """
    reasons = []
    for kind in (CupyMemory, TorchMemory):
        try:
            return kind(), reasons
        except Exception as error:  # Whatever keeps a package from its GPU, the other may have it.
            reasons.append(f"{kind.__name__}: {type(error).__name__}: {error}".splitlines()[0])
    return None, reasons


def host_memory():
    """All processors of this machine."""
    return HostMemory(os.cpu_count() or 1)
