#!/usr/bin/env python3
"""Executes made-up operations here and by graphql-core, over the same made-up data.

    execution.py PROBE SCHEMA [--examples N] [--seed N]

PROBE is the built program graphql-probe, SCHEMA a file in the schema definition language. hypothesis-graphql makes valid
operations of the schema, with aliases, arguments and fragments; what fields give is drawn while graphql-core executes them:
values, nulls, lists and failures, also where none may be. Data must be the same in the same order, and errors must be at the
same paths. Exit code 1 where something differs.
"""

import json
import random
import sys
import zlib

from differential import ask
from graphql import GraphQLError, execute_sync, is_abstract_type, is_leaf_type, is_list_type
from graphql import is_non_null_type, parse, validate
from operations import arguments_of, operations

LEAVES = {
    "Int": [0, -1, 2147483647],
    "Float": [0.5, -2.0, 1e21],
    "String": ["", "a", "\u00e9\u4e2d", 'quoted " \\ \n', "\U0001f9ed"],
    "ID": ["1", "01a1fe06-9d53-7300-8ea8-b61acdbe8330"],
    "Boolean": [True, False],
    "DateTime": ["2026-01-31T12:00:00.000000Z"],
    "JSON": [{"role": "member", "fields": ["name"]}, 1, "text"],
}


class Data:
    """What fields give, drawn when somebody first asks and then kept in the objects themselves."""

    def __init__(self, schema, number):
        self.schema, self.random = schema, random.Random(number)

    def value(self, of_type, depth):
        if is_non_null_type(of_type):
            # Now and then something that may not be.
            return None if self.random.random() < 0.02 else self.present(of_type.of_type, depth)
        return None if self.random.random() < 0.15 else self.present(of_type, depth)

    def present(self, of_type, depth):
        if self.random.random() < 0.04:
            return {"__error": "drawn"}
        if is_list_type(of_type):
            return [self.value(of_type.of_type, depth + 1) for _ in range(self.random.randrange(4 if depth < 4 else 2))]
        if is_leaf_type(of_type):
            values = getattr(of_type, "values", None)
            return self.random.choice(list(values) if values else LEAVES[of_type.name])
        if is_abstract_type(of_type):
            of_type = self.random.choice(self.schema.get_possible_types(of_type))
        return {"__typename": of_type.name}

    def resolve(self, parent, info, **arguments):
        if info.field_name not in parent:
            depth = len(info.path.as_list())
            parent[info.field_name] = self.value(info.return_type, depth)
        return shown(parent[info.field_name])


def shown(value):
    """A failure as one, also as an element of a list."""
    if isinstance(value, dict) and "__error" in value:
        return GraphQLError(value["__error"])
    return [shown(element) for element in value] if isinstance(value, list) else value


def answer(schema, document, number):
    """What graphql-core answers, and the data that was drawn."""
    data, root = Data(schema, number), {}
    # By the tree and not by the source: hypothesis-graphql prints what it has made.
    result = execute_sync(schema, document, root, field_resolver=data.resolve)
    formatted = result.formatted
    return formatted.get("data"), sorted(str(error.get("path")) for error in formatted.get("errors", [])), root


def main():
    arguments, text, schema = arguments_of(__doc__, examples=400)
    questions, expected = [], []
    for operation in operations(text, arguments.examples, arguments.seed):
        document = parse(operation)
        if validate(schema, document):
            continue
        data, errors, root = answer(schema, document, zlib.crc32(operation.encode()))
        questions.append({"ask": "execute", "schema": text, "source": operation, "data": root})
        expected.append((data, errors))
    differences = withErrors = 0
    for question, (data, errors), ours in zip(questions, expected, ask(arguments.probe, questions)):
        withErrors += bool(errors)
        paths = sorted(str(error.get("path")) for error in ours.get("errors", []))
        # As texts, so that the order of members counts too.
        same = json.dumps(data) == json.dumps(ours.get("data"))
        if same and paths == errors:
            continue
        differences += 1
        if differences <= 10:
            print(f"{question['source'][:600]}\n    data {json.dumps(question['data'])[:600]}\n"
                  f"    theirs {json.dumps(data)[:300]} {errors[:5]}\n    ours {json.dumps(ours)[:500]}")
    print(f"{len(questions)} operations were executed, {withErrors} of them with errors: {differences} differences")
    sys.exit(differences > 0 or len(questions) < arguments.examples // 4)


if __name__ == "__main__":
    main()
