import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from kedro.pipeline import Node, Pipeline

from abalone.errors import AbaloneError
from abalone.sagemaker.job_parameters import (
    PARAMETER,
    check_same_names,
    decode,
    encode,
    flatten,
    nest,
    read_environment,
    used_by,
    write_file,
)

NAMES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.integers())
PARAMETERS = st.recursive(
    st.dictionaries(NAMES, VALUES), lambda inner: st.dictionaries(NAMES, VALUES | inner), max_leaves=10
)


@given(PARAMETERS)
def test_nesting_undoes_flattening(parameters):
    assert nest(flatten(parameters)) == parameters


@given(VALUES, VALUES)
def test_value_comes_back_as_it_was_where_the_configuration_has_one_of_its_kind(value, configured):
    assume(isinstance(value, str) == isinstance(configured, str))

    assert decode("name", encode(value), configured) == value


def test_text_stays_text_where_the_configuration_has_text():
    assert decode("collection.batch", "2026", "uci") == "2026"


def test_value_that_is_not_of_the_configured_kind_is_refused_by_name():
    with pytest.raises(AbaloneError, match=r"training\.random_state = 'one' .* is not a value in JSON, as 0 is"):
        decode("training.random_state", "one", 0)


def test_group_gets_the_parameters_that_its_nodes_read():
    pipeline = Pipeline([Node(lambda *args: args, ["params:a.b", "params:c"], "out", name="node")])

    assert used_by(pipeline, {"a.b": 1, "a.bb": 2, "c.d": 3, "c.e": 4, "f": 5}) == {"a.b": 1, "c.d": 3, "c.e": 4}


def test_node_that_reads_all_parameters_gets_all():
    pipeline = Pipeline([Node(lambda parameters: parameters, "parameters", "out", name="node")])

    assert used_by(pipeline, {"a.b": 1, "c": 2}) == {"a.b": 1, "c": 2}


def test_environment_gives_the_parameters_with_their_kinds():
    environment = {f"{PARAMETER}00": "a.b=0.5", f"{PARAMETER}01": "c=x=y", "PATH": "/bin"}

    assert read_environment(environment, {"a.b": 1.0, "c": "text"}) == {"a.b": 0.5, "c": "x=y"}


def test_parameter_that_the_image_does_not_know_is_refused():
    with pytest.raises(AbaloneError, match=r"given parameter a\.b, which conf/ in its image lacks"):
        read_environment({f"{PARAMETER}00": "a.b=1"}, {})


def test_parameter_that_only_the_image_knows_is_refused():
    with pytest.raises(AbaloneError, match=r"the compiled pipeline lacks \(a\.c\)"):
        check_same_names({"a.b": 1}, {"a.b": 1, "a.c": 2})


def test_file_of_parameters_is_named_by_its_content():
    name, content = write_file({"b": 1, "a": [1, 2]})

    assert json.loads(content) == {"a": [1, 2], "b": 1}
    assert name == write_file({"a": [1, 2], "b": 1})[0]
    assert name != write_file({"a": [1, 2], "b": 2})[0]
