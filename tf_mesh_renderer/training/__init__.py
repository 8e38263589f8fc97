"""What programs need around `keras.Model.fit`: exact resumption, several devices and processes.

For any model with its own `train_step`. `python -m tf_mesh_renderer.training.local_cluster` starts
the processes of a cluster on one machine, `python -m tf_mesh_renderer.training.data_service` those
of a tf.data service.
"""

from tf_mesh_renderer.training import data_service
from tf_mesh_renderer.training.callbacks import (
    EpochTimes,
    Pictures,
    ProgressBar,
    StopWithoutProgress,
    tensorboard,
)
from tf_mesh_renderer.training.checkpoints import Checkpoints, SaveBest, SaveCheckpoints
from tf_mesh_renderer.training.csv_log import cut_log, read_log
from tf_mesh_renderer.training.distribution import (
    STRATEGIES,
    distribute_batches,
    is_chief,
    make_strategy,
    mean_over_processes,
    spans_processes,
)
from tf_mesh_renderer.training.experiment import (
    CHECKPOINTS,
    PRECISIONS,
    Experiment,
    check_whole_epochs,
    default_checkpoint_every,
    new_networks,
)
from tf_mesh_renderer.training.fitting import fit
from tf_mesh_renderer.training.run import LOG, RunOptions, TrainingRun, explained_divergence

__all__ = [
    "CHECKPOINTS",
    "LOG",
    "PRECISIONS",
    "STRATEGIES",
    "Checkpoints",
    "EpochTimes",
    "Experiment",
    "Pictures",
    "ProgressBar",
    "RunOptions",
    "SaveBest",
    "SaveCheckpoints",
    "StopWithoutProgress",
    "TrainingRun",
    "check_whole_epochs",
    "cut_log",
    "data_service",
    "default_checkpoint_every",
    "distribute_batches",
    "explained_divergence",
    "fit",
    "is_chief",
    "make_strategy",
    "mean_over_processes",
    "new_networks",
    "read_log",
    "spans_processes",
    "tensorboard",
]
