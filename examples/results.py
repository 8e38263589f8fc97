"""The last lines of every example: what it reached and where the files are."""

import json
import pathlib

FILE_NAME = "results.json"


def report(folder: pathlib.Path, **figures) -> None:
    """Writes figures to `results.json` in the folder, and prints them with the files there."""
    text = json.dumps(figures, indent=2)
    (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")
    for name, figure in figures.items():
        value = f"{figure:.6g}" if isinstance(figure, float) else figure
        print(f"{name.replace('_', ' ')}: {value}")
    names = sorted(path.name for path in folder.iterdir())
    print(f"files in {folder}: {', '.join(names)}")
