"""How good reconstructions are: what is measured, of which methods, and the tables of scores."""

from tf_mesh_renderer.applications.reconstruction.evaluation.comparing import (
    check_comparable,
    fingerprint,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.measuring import (
    EvaluationProtocol,
    check_measurable,
    evaluate,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.predictions import (
    Method,
    PredictedMeshes,
    PredictedVoxels,
    Predictions,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.score_files import (
    read_csv,
    write_csv,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.scores import (
    CategoryScores,
    Measurement,
    MethodScores,
    Spread,
    methods_of,
    over_seeds,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.tables import SCORES_FILE, write_scores

__all__ = [
    "SCORES_FILE",
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
    "check_measurable",
    "evaluate",
    "fingerprint",
    "methods_of",
    "over_seeds",
    "read_csv",
    "write_csv",
    "write_scores",
]
