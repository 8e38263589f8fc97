"""How good reconstructions are: what is measured, of which methods, and the tables of scores."""

from tf_mesh_renderer.applications.reconstruction.evaluation.measuring import (
    EvaluationProtocol,
    evaluate,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.predictions import (
    Method,
    PredictedMeshes,
    PredictedVoxels,
    Predictions,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.scores import (
    CategoryScores,
    Measurement,
    MethodScores,
    Spread,
    check_comparable,
    methods_of,
    over_seeds,
    read_csv,
    write_csv,
)

__all__ = [
    "CategoryScores",
    "EvaluationProtocol",
    "Measurement",
    "Method",
    "MethodScores",
    "PredictedMeshes",
    "PredictedVoxels",
    "Predictions",
    "Spread",
    "check_comparable",
    "evaluate",
    "methods_of",
    "over_seeds",
    "read_csv",
    "write_csv",
]
