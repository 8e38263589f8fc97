"""Turns the lines of a run into a table in Markdown, beside what the project aims at.

python -m benchmarks.report benchmarks/results/FILE.jsonl
"""

import json
import pathlib
import sys

# How many times faster than another program's case; below 1, how much slower at most.
AIMS = {
    ("rasterize", "deodr, rasterize"): 2.5,
    ("rasterize", "llvmpipe, rasterize"): 4.0,
    ("render_backward", "deodr, render_backward"): 2.5,
    ("silhouette_backward", "deodr, silhouette_backward"): 0.5,
    ("dibr_fit", "deodr, silhouette_backward"): 1.0,
    ("softras_fit", "deodr, silhouette_backward"): 0.5,
    ("softras_color_backward", "tf_mesh_renderer, softras_silhouette_backward"): 0.33,
    ("texture_backward", "tf_mesh_renderer, interpolate_backward"): 0.5,
}
THREADS_AIM = 1.7


def main():
    lines = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    print("\n".join([*times_table(rows), "", *quotients_table(rows)]))


def times_table(rows):
    """Median (minimum) in milliseconds: a line for each step, a column for each program."""
    times = [row for row in rows if "median_ms" in row]
    columns = list(dict.fromkeys(_column(row) for row in times))
    yield _line(["workload", "step", *columns])
    yield _line(["---"] * (2 + len(columns)))
    for workload, step in dict.fromkeys((row["workload"], row["step"]) for row in times):
        cells = dict.fromkeys(columns, "")
        for row in times:
            if (row["workload"], row["step"]) == (workload, step):
                cells[_column(row)] = f"{row['median_ms']:.2f} ({row['min_ms']:.2f})"
        yield _line([workload, step, *cells.values()])


def quotients_table(rows):
    """How many times faster: median of pairs, of minima and of processor time, and the aim."""
    header = ["workload", "faster", "than", "pairs", "minima", "processor time", "aim"]
    yield _line(header)
    yield _line(["---"] * len(header))
    for row in rows:
        if "than" not in row:
            continue
        figures = [f"{row[key]:.2f}" for key in ("median_of_pairs", "of_minima", "of_cpu")]
        yield _line([row["workload"], row["faster"], row["than"], *figures, _aim(row)])


def _column(row):
    is_rival = not row["case"].startswith(row["step"])
    variant = f", {row['case']}" if is_rival else row["case"].removeprefix(row["step"])
    return f"{row['program']}{variant}, {row['threads']} thread{'s'[: row['threads'] > 1]}"


def _aim(row):
    if row["faster"].endswith("2 threads") and row["workload"] in ("W1", "W2", "W4"):
        return str(THREADS_AIM)
    return str(AIMS.get((row["step"], row["than"].removesuffix(", 1 thread")), ""))


def _line(cells):
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
