"""Valid operations of a schema, made up by hypothesis-graphql, for the tools that stand beside."""

import argparse

from graphql import build_schema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

# What a literal of a scalar of one's own is.
SCALARS = {"DateTime": st.sampled_from([nodes.String("2026-01-31T12:00:00Z"), nodes.String("1999-12-31T23:59:59.5+02:00")])}


def arguments_of(manual, examples):
    """Reads the command line of a tool; gives its arguments, with the schema as text and as graphql-core knows it."""
    arguments = argparse.ArgumentParser(description=manual, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("probe", metavar="PROBE")
    arguments.add_argument("schema", metavar="SCHEMA")
    arguments.add_argument("--examples", type=int, default=examples)
    arguments.add_argument("--seed", type=int, default=1)
    arguments = arguments.parse_args()
    with open(arguments.schema, encoding="utf-8") as file:
        text = file.read()
    return arguments, text, build_schema(text)


def operations(text, examples, number):
    """Gives so many operations, each once; the same ones for the same number."""
    made = []

    @seed(number)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(from_schema(text, custom_scalars=SCALARS))
    def collect(operation):
        made.append(operation)

    collect()
    return list(dict.fromkeys(made))
