"""TF_CONFIG: what is read, and what is wrong with it."""

import json

import pytest
import tensorflow as tf

from tf_mesh_renderer.training.tf_config import check_tf_config, write_tf_config

ADDRESSES = ("host0:2222", "127.0.0.1:2223", "[::1]:2224")


def config(cluster, role="worker", index=0):
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": role, "index": index}})}


@pytest.mark.parametrize("rank", range(3))
def test_what_is_written_is_read(monkeypatch, rank):
    text = write_tf_config(ADDRESSES, rank)
    check_tf_config({"TF_CONFIG": text})
    monkeypatch.setenv("TF_CONFIG", text)
    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    assert resolver.cluster_spec().as_dict() == {"worker": list(ADDRESSES)}
    assert (resolver.task_type, resolver.task_id) == ("worker", rank)


@pytest.mark.parametrize(("role", "index"), [("chief", 0), ("worker", 0), ("worker", 1)])
def test_a_chief_may_come_before_the_workers(role, index):
    check_tf_config(config({"worker": list(ADDRESSES[1:]), "chief": [ADDRESSES[0]]}, role, index))


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({}, "received no such environment variable"),
        ({"TF_CONFIG": ""}, "received no such environment variable"),
        ({"TF_CONFIG": "{cluster: 1}"}, "expected JSON"),
        ({"TF_CONFIG": "[]"}, "a field 'cluster' of type dict, received None"),
        ({"TF_CONFIG": '{"cluster": {"worker": ["a:1"]}}'}, "a field 'task' of type dict"),
        (config({}), "a field 'cluster' of type dict"),
        (config({"worker": []}), "cluster.worker to be a list of 'host:port', received \\[\\]"),
        (config({"worker": ["a"]}), "cluster.worker to be a list of 'host:port', received a"),
        (config({"worker": "a:1"}), "a field 'worker' of type list, received 'a:1'"),
        (config({"worker": ["a:1"], "ps": ["b:1"]}), "the roles chief and worker, received 'ps'"),
        (config({"worker": ["a:1"], "chief": ["b:1", "c:1"]}), "one chief, received 2"),
        (
            config({"worker": ["a:1"]}, "chief"),
            "task.type to be one of .*, received 'chief'",
        ),
        (config({"worker": ["a:1"]}, index=1), "task.index in 0..0, received 1"),
        (config({"worker": ["a:1"]}, index=-1), "task.index in 0..0, received -1"),
        (config({"worker": ["a:1"]}, index="0"), "a field 'index' of type int, received '0'"),
        (config({"worker": ["a:1"]}, index=True), "a field 'index' of type int, received True"),
    ],
)
def test_errors_say_what_is_wrong_and_show_what_is_right(environ, text):
    with pytest.raises(ValueError, match=f"argument `TF_CONFIG`: .*{text}.*Hint: set it in every"):
        check_tf_config(environ)


def test_the_hint_is_right():
    with pytest.raises(ValueError, match="Hint") as caught:
        check_tf_config({})
    example = str(caught.value).partition("TF_CONFIG='")[2].partition("'")[0]
    check_tf_config({"TF_CONFIG": example})
    assert "host1:2222" in example
