"""Loads an exported reconstruction network and turns pictures into meshes.

    python examples/load_reconstruction.py --model=DIR [--output=DIR] PICTURE.png ...

`python -m tf_mesh_renderer.applications.reconstruction export` writes such a model. Nothing else of
the training is needed, and the ops come with the import of the package.
"""

import pathlib

import tensorflow as tf
from absl import app, flags

import tf_mesh_renderer as mr

MODEL = flags.DEFINE_string("model", None, "Folder of the SavedModel.", required=True)
OUTPUT = flags.DEFINE_string("output", "output/reconstructions", "Folder for the meshes.")


def main(arguments):
    paths = [pathlib.Path(argument) for argument in arguments[1:]]
    model = tf.saved_model.load(MODEL.value)
    pictures = tf.constant([path.read_bytes() for path in paths])
    meshes = model.signatures["serving_default"](images=pictures)
    for i, path in enumerate(paths):
        file = pathlib.Path(OUTPUT.value) / path.stem
        mr.save_mesh(file.with_suffix(".obj"), mr.Mesh(meshes["vertices"][i], meshes["faces"]))
        mr.write_image(file.with_suffix(".png"), meshes["silhouettes"][i])
        print(file.with_suffix(".obj"))


if __name__ == "__main__":
    app.run(main)
