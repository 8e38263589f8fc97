# Every target does its own set-up: system packages, .venv, Python packages, the op library. What went
# into .venv leaves a stamp there and is not done again until what it depends on changes.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The only list of system packages. bazel-bootstrap brings g++ and a JDK.
APT_PACKAGES := bazel-bootstrap bazel-platforms bazel-rules-java bazel-rules-proto \
  clang-format g++ googletest libfarmhash-dev libgtest-dev libhighwayhash-dev
TENSORFLOW ?= tensorflow-cpu==2.21.*

VENV := .venv
STAMPS := $(VENV)/stamps
VENV_PYTHON := $(VENV)/bin/python
LIBRARY := tf_mesh_renderer/_mesh_renderer_ops.so
LIBRARY_SOURCES := $(shell find cc bazel -type f) WORKSPACE BUILD .bazelrc \
  tf_mesh_renderer/version.py tools/build_library.py
CPP_TESTS := //cc/core/... //cc/kernels/...
QUICK := not slow and not bench

.PHONY: FORCE help system build demo compare reconstruct-tiny reconstruct-small reconstruct-table \
  reconstruct-color \
  texture-light adversarial shape-gan feature-networks style-transfer deep-dream \
  test test-cpp test-slow sanitize bench wheel check clean

help:
	@echo "make demo       render and fit: runs the examples and says what they reached"
	@echo "make compare    fits the same targets with all gradient models, and every part of a scene"
	@echo "make reconstruct-tiny, make reconstruct-small, make reconstruct-table"
	@echo "                learns shapes from silhouettes with each renderer, on data of its own"
	@echo "make reconstruct-color"
	@echo "                learns shapes together with the colours of their vertices"
	@echo "make shape-gan  learns to make cars, airplanes and chairs from noise"
	@echo "make texture-light"
	@echo "                learns texture and light from single pictures"
	@echo "make adversarial"
	@echo "                fine-tunes texture and light with a critic"
	@echo "make style-transfer, make deep-dream"
	@echo "                gives meshes the style of pictures; lets a network dream of them"
	@echo "make feature-networks"
	@echo "                trains anew the small networks that paint and judge there"
	@echo "make test       C++ tests and the quick Python tests"
	@echo "make test-slow  the Python tests that take long"
	@echo "make sanitize   C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make bench      benchmarks, one JSON line each"
	@echo "make check      style and architecture"
	@echo "make wheel      dist/tf_mesh_renderer-*.whl"
	@echo "make build      the op library in place; every target above but check does it first"
	@echo "make clean      removes what was built; .venv stays"

# --- set-up -----------------------------------------------------------------------------------

build: $(LIBRARY)

system:
	@tools/install_system_packages.sh $(APT_PACKAGES)

# TensorFlow comes first: the library is built against it.
$(STAMPS)/tensorflow: Makefile | system
	test -x $(VENV_PYTHON) || tools/find_python.sh >/dev/null 2>&1 || \
	  tools/install_system_packages.sh python3 python3-venv
	test -x $(VENV_PYTHON) || "$$(tools/find_python.sh)" -m venv $(VENV)
	$(VENV_PYTHON) -m pip install --upgrade pip 'setuptools>=77' '$(TENSORFLOW)'
	@mkdir -p $(@D) && touch $@

# Changes when a CUDA compiler comes or goes, or TF_MESH_RENDERER_CUDA says otherwise.
$(STAMPS)/cuda: $(STAMPS)/tensorflow FORCE
	@$(VENV_PYTHON) bazel/find_cuda.py >$@.new
	@if cmp --silent $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(LIBRARY): $(STAMPS)/tensorflow $(STAMPS)/cuda $(LIBRARY_SOURCES) | system
	$(VENV_PYTHON) tools/build_library.py
	@touch $@

# Editable: the tests and examples see this tree.
$(STAMPS)/package: pyproject.toml setup.py | $(LIBRARY)
	$(VENV_PYTHON) -m pip install --no-build-isolation --editable '.[test,examples,applications,check]'
	@mkdir -p $(@D) && touch $@

# --- what one wants ---------------------------------------------------------------------------

demo: $(LIBRARY) $(STAMPS)/package
	$(VENV_PYTHON) examples/demo.py

compare: $(LIBRARY) $(STAMPS)/package
	$(VENV_PYTHON) examples/demo.py --examples=05_compare_gradients,06_optimize_everything

# A few minutes, and a quarter of an hour.
reconstruct-tiny: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/reconstruct.py --preset=tiny

reconstruct-small: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/reconstruct.py --preset=small

# About a quarter of an hour.
reconstruct-color: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/reconstruction_colors.py

# About a quarter of an hour, and 25 minutes.
texture-light: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/texture_light.py

adversarial: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/adversarial.py

# Two or three hours: all thirteen categories, three renderers, three seeds.
reconstruct-table: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/reconstruction_table.py

# About 40 minutes.
shape-gan: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/shape_gan.py

style-transfer: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/edit_meshes.py --program=style_transfer

deep-dream: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/edit_meshes.py --program=deep_dream

feature-networks: $(LIBRARY) $(STAMPS)/package
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) -m tf_mesh_renderer.applications.feature_network \
	  --output=tf_mesh_renderer/models/features/data/pattern_classifier.weights.h5
	TF_CPP_MIN_LOG_LEVEL=2 $(VENV_PYTHON) examples/pattern_judge.py

test: test-cpp $(LIBRARY) $(STAMPS)/package
	$(VENV_PYTHON) -m pytest -m '$(QUICK)'

test-cpp: system
	bazel test $(CPP_TESTS)

test-slow: $(LIBRARY) $(STAMPS)/package
	$(VENV_PYTHON) -m pytest -m slow

sanitize: system
	bazel test --config=sanitize $(CPP_TESTS)

bench: $(LIBRARY) $(STAMPS)/package
	$(VENV_PYTHON) benchmarks/run.py

# A stale build/lib would be packed too.
wheel: $(LIBRARY) $(STAMPS)/package
	rm -rf build/lib build/bdist.* dist
	$(VENV_PYTHON) -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

check: system $(STAMPS)/package
	PYTHON=$(VENV_PYTHON) tools/check.sh

clean:
	if command -v bazel >/dev/null; then bazel clean --expunge; fi
	rm -rf build dist output *.egg-info tf_mesh_renderer/_mesh_renderer_*.so \
	  tf_mesh_renderer/_build_info.json
