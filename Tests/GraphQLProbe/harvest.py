"""A plugin of pytest that writes down what graphql-core's own tests ask of it and what it answers.

    HARVEST=FILE PYTHONPATH=Tests/GraphQLProbe python -m pytest -p harvest TESTS

Each line of FILE is a case of `differential.py`: a document with what parsing gave, a document and a schema with the
errors of the rules that were asked for, or a schema in the schema definition language with what printing it gave.
Cases that need options which are no part of the specification are left out, and so are those that are there already.
"""

import json
import os
import sys

import graphql
import graphql.language
import graphql.language.parser
import graphql.utilities
import graphql.validation
from graphql import GraphQLError, print_schema

cases = {}
test = ""


def pytest_runtest_setup(item):
    global test
    test = item.nodeid


def pytest_sessionfinish():
    with open(os.environ["HARVEST"], "w", encoding="utf-8") as file:
        for number, case in enumerate(cases.values()):
            file.write(json.dumps({"id": number, **case}) + "\n")


def note(key, case):
    cases.setdefault(key, {"test": test, **case})


def text(source):
    """The text of a source; nothing for those that begin elsewhere, or that no bytes can hold."""
    if isinstance(source, graphql.Source):
        source = source.body
    if not isinstance(source, str):
        return None
    try:
        source.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return source


def places(error):
    return sorted([location.line, location.column] for location in error.locations or ())


real_parse = graphql.language.parser.parse


def parse(source, *args, **options):
    body = text(source)
    wanted = body is not None and not args and not {name for name, on in options.items() if on} - {"no_location"}
    try:
        document = real_parse(source, *args, **options)
    except GraphQLError as error:
        if wanted:
            note(("parse", body), {"ask": "parse", "source": body, "message": error.message, "places": places(error)})
        raise
    if wanted:
        note(("parse", body), {"ask": "parse", "source": body})
    return document


real_validate = graphql.validation.validate


def validate(schema, document, rules=None, *args, **options):
    errors = real_validate(schema, document, rules, *args, **options)
    try:
        body, sdl = document.loc.source.body, print_schema(schema)
    except Exception:
        return errors
    if text(body) is None or args or options.get("max_errors"):
        return errors
    names = sorted(rule.__name__ for rule in rules) if rules else None
    if names:
        # Without suggestions, which are not given here.
        errors_told = real_validate(schema, document, rules, hide_suggestions=True)
        told = [{"message": error.message, "places": places(error)} for error in errors_told]
        note(
            ("validate", sdl, body, *names),
            {"ask": "validate", "schema": sdl, "source": body, "rules": names, "errors": told},
        )
    return errors


real_build = graphql.utilities.build_schema


def build_schema(source, *args, **options):
    body = text(source)
    wanted = body is not None and not args and not {name for name, on in options.items() if on}
    schema = real_build(source, *args, **options)
    if wanted:
        case = {"ask": "schema", "source": body, "faults": [], "printed": ""}
        case["faults"] = [error.message for error in graphql.validate_schema(schema)]
        if not case["faults"]:
            case["printed"] = print_schema(schema)
        note(("schema", body), case)
    return schema


# The tests import by name, and only after this; what the package has imported itself stays as it is.
for module in (graphql, graphql.language, sys.modules["graphql.language.parser"]):
    module.parse = parse
for module in (graphql, graphql.validation, sys.modules["graphql.validation.validate"]):
    module.validate = validate
for module in (graphql, graphql.utilities, sys.modules["graphql.utilities.build_ast_schema"]):
    module.build_schema = build_schema
