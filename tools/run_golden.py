"""Runs golden files, results of the original renderers, through the public API of the library.

    python tools/run_golden.py DIR [--kind KIND] [--dtype float32|float64]

Prints one line per file and ends with 1 if any file failed or nothing could be run. The acceptance
rule stands in golden_runner/compare.py.
"""

import argparse
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="directory with golden files")
    parser.add_argument("--kind", help="run only this kind of file")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    return parser.parse_args(arguments)


def report(options):
    """Runs the selected files; returns whether all passed."""
    # TensorFlow takes seconds to load: only once the arguments are known to be right.
    from tools.golden_runner import runner

    selection = runner.select(options.folder, options.kind)
    verdicts = []
    for path in selection.paths:
        verdicts.append(runner.run_file(path, runner.tf.as_dtype(options.dtype)))
        print(verdicts[-1].line(), flush=True)
    for kind, count in sorted(selection.skipped.items()):
        print(f"skipped {count} files of kind {kind}")
    failed = sum(not verdict.passed for verdict in verdicts)
    print(f"{len(verdicts) - failed} of {len(verdicts)} files ok in {options.dtype}")
    return failed == 0


def main(arguments=None):
    """Command line; returns the exit status."""
    options = parse_arguments(arguments)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from tools.golden_runner.case import CaseError

    try:
        return 0 if report(options) else 1
    except (CaseError, ImportError) as error:
        print(f"FAIL: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
