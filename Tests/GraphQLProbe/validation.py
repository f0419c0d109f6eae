#!/usr/bin/env python3
"""Reads and validates made-up documents here and by graphql-core.

    validation.py PROBE SCHEMA [--examples N] [--seed N]

PROBE is the built program graphql-probe, SCHEMA a file in the schema definition language. hypothesis-graphql makes valid
operations of the schema; parts of them become fragments and variables, and then tokens are put in, taken out and replaced, by
names of the schema for the most part, so that every rule finds something to refuse. Documents must be read and refused at the
same places, and what is refused must be refused for the same places of the document. Exit code 1 where something differs.
"""

import random
import sys
import zlib
from collections import Counter

from differential import FOREIGN, ask, places
from graphql import GraphQLError, Lexer, Source, TokenKind, TypeInfo, TypeInfoVisitor, Visitor, is_composite_type
from graphql import parse, parse_type, print_ast, specified_rules, validate, visit
from graphql.language import ast
from operations import arguments_of, operations

MERGING = "OverlappingFieldsCanBeMergedRule"
# What follows fragments is not looked at here where they form a cycle.
BEHIND_CYCLES = {MERGING, "MaxIntrospectionDepthRule", "SingleFieldSubscriptionsRule"}
# graphql-core holds arguments of a directive that it does not know for those of the field.
UNDER_UNKNOWN_DIRECTIVES = {"ValuesOfCorrectTypeRule", "VariablesInAllowedPositionRule"}
RULES = [rule for rule in specified_rules if rule.__name__ not in FOREIGN and "Stream" not in rule.__name__]
# graphql-core sees nullable variables in a OneOf input object only where that may be null itself.
OVERLOOKED = "must be non-nullable to be used for OneOf"
LITERALS = ["null", "true", "1", "-1", "0.5", "99999999999", '"text"', '"2026-01-31T12:00:00Z"', "[]", "[1]", "{}", "NOTHING", "$v0"]
SNIPPETS = [
    "@include(if: true)", "@skip(if: $v0)", "@skip", "@nothing", "@include(if: true) @include(if: true)", "@deprecated",
    "...F0", "...F1", "...Nothing", "... { __typename }", "... on Query { __typename }", "a: __typename", "__schema { types { name } }",
    "{ __typename }", "(first: 1)", "(first: 1, first: 1)", ": String", "$v0: Int", "query Q { __typename }",
    "fragment F0 on Query { __typename }", "type T { a: Int }", '"""text"""', "on", "!", "[", "}", "#", "&",
]


class Parts(Visitor):
    """Makes fragments of some selections, and variables of some values."""

    def __init__(self, info, number):
        super().__init__()
        self.info, self.random = info, number
        self.fragments, self.variables = [], []

    def leave_selection_set(self, node, _key, parent, _path, _ancestors):
        condition = self.info.get_parent_type()
        if not isinstance(parent, ast.FieldNode) or not is_composite_type(condition) or self.random.random() > 0.3:
            return None
        name = ast.NameNode(value=f"F{len(self.fragments)}")
        on = ast.NamedTypeNode(name=ast.NameNode(value=condition.name))
        self.fragments.append(
            ast.FragmentDefinitionNode(name=name, type_condition=on, directives=(), selection_set=node)
        )
        return ast.SelectionSetNode(selections=(ast.FragmentSpreadNode(name=name, directives=()),))

    def leave_argument(self, node, *_):
        of_type = self.info.get_input_type()
        if of_type is None or self.random.random() > 0.4:
            return None
        variable = ast.VariableNode(name=ast.NameNode(value=f"v{len(self.variables)}"))
        self.variables.append(
            ast.VariableDefinitionNode(variable=variable, type=parse_type(str(of_type)), default_value=None, directives=())
        )
        return ast.ArgumentNode(name=node.name, value=variable)


def taken_apart(schema, document, number):
    """The same document, still valid, with fragments and variables."""
    info = TypeInfo(schema)
    parts = Parts(info, number)
    document = visit(document, TypeInfoVisitor(info, parts))
    definitions = []
    for node in document.definitions:
        if isinstance(node, ast.OperationDefinitionNode):
            node = ast.OperationDefinitionNode(
                operation=node.operation, name=node.name, directives=node.directives, selection_set=node.selection_set,
                variable_definitions=tuple(parts.variables),
            )
        definitions.append(node)
    return print_ast(ast.DocumentNode(definitions=tuple(definitions + parts.fragments)))


class Doubles(Visitor):
    """Selects fields again, under the response names of others, which may be alike."""

    def __init__(self, number):
        super().__init__()
        self.random = number

    def leave_selection_set(self, node, *_):
        fields = [field for field in node.selections if isinstance(field, ast.FieldNode)]
        if not fields or self.random.random() < 0.5:
            return None
        name, field = self.random.choice(fields), self.random.choice(fields)
        double = ast.FieldNode(
            name=field.name, alias=name.alias or name.name, selection_set=field.selection_set, directives=field.directives,
            arguments=field.arguments if self.random.random() < 0.7 else (field.arguments or ())[1:],
        )
        return ast.SelectionSetNode(selections=(*node.selections, double))


def tokens(text):
    lexer = Lexer(Source(text))
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        yield token


def broken(text, names, number):
    """A few tokens of a document are others."""
    words = [text[token.start : token.end] for token in tokens(text)]
    kinds = [token.kind for token in tokens(text)]
    for _ in range(number.choice([1, 1, 1, 2, 3])):
        place = number.randrange(len(words))
        chance = number.random()
        if chance < 0.5:
            named = [place for place, kind in enumerate(kinds) if kind is TokenKind.NAME]
            if named:
                words[number.choice(named)] = number.choice(names)
        elif chance < 0.65:
            values = {TokenKind.INT, TokenKind.FLOAT, TokenKind.STRING}
            given = [place for place, kind in enumerate(kinds) if kind in values]
            words[number.choice(given) if given else place] = number.choice(LITERALS)
        elif chance < 0.75:
            words[place] = ""
        elif chance < 0.85:
            words[place] = f"{words[place]} {number.choice(words)}"
        else:
            words[place] = f"{words[place]} {number.choice(SNIPPETS)}"
    # Lines, so that places tell something.
    return "".join(word + ("\n" if number.random() < 0.1 else " ") for word in words)


class UnknownDirectives(Visitor):
    """Looks for arguments of directives that the schema does not have."""

    def __init__(self, schema):
        super().__init__()
        self.schema, self.have_arguments = schema, False

    def enter_directive(self, node, *_):
        self.have_arguments |= bool(node.arguments) and self.schema.get_directive(node.name.value) is None


def refused(schema, document, rules):
    """The places at which rules refuse something, in order."""
    errors = validate(schema, document, rules, max_errors=1000, hide_suggestions=True)
    errors = [error for error in errors if OVERLOOKED not in error.message]
    return sorted(sorted([place.line, place.column] for place in error.locations or ()) for error in errors)


def difference(schema, source, answer, found):
    """In what both differ, or nothing; counts in `found` what was refused."""
    try:
        document = parse(source)
    except GraphQLError as error:
        theirs = sorted([place.line, place.column] for place in error.locations)
        ours = places(answer["error"]) if "error" in answer else None
        if theirs == ours or is_proposal(answer):
            found["read by neither"] += 1
            return None
        return f"reading: theirs {theirs} {error.message}, ours {ours}"
    if "errors" not in answer:
        if is_proposal(answer):
            found["read there alone"] += 1
            return None
        return f"ours does not read it: {answer}"
    names = {rule.__name__ for rule in RULES}
    if refused(schema, document, [rule for rule in RULES if rule.__name__ == "NoFragmentCyclesRule"]):
        names -= BEHIND_CYCLES
    visit(document, unknown := UnknownDirectives(schema))
    if unknown.have_arguments:
        names -= UNDER_UNKNOWN_DIRECTIVES
    # What a name stands for that is given twice, nobody says.
    unique = {"UniqueFragmentNamesRule", "UniqueVariableNamesRule"}
    if refused(schema, document, [rule for rule in RULES if rule.__name__ in unique]):
        names = unique
    ours = [error for error in answer["errors"] if rule_name(error) in names and OVERLOOKED not in error["error"]["message"]]
    for error in ours:
        found[error["rule"]] += 1
    others = [rule for rule in RULES if rule.__name__ in names - {MERGING}]
    theirs = Counter(map(str, refused(schema, document, others)))
    mine = Counter(str(places(error["error"])) for error in ours if rule_name(error) != MERGING)
    # graphql-core names no place for some literals that scalars refuse.
    nowhere = theirs.pop("[]", 0)
    values = Counter(str(places(error["error"])) for error in ours if error["rule"] == "valuesOfCorrectType")
    if theirs - mine or (mine - theirs) - values or (mine - theirs).total() != nowhere:
        return f"validation: theirs {dict(theirs)}, ours {[(error['rule'], places(error['error'])) for error in ours]}"
    if MERGING in names:
        # The algorithms name other pairs of fields: whether there is a conflict is what counts.
        theirs = bool(refused(schema, document, [rule for rule in RULES if rule.__name__ == MERGING]))
        mine = any(rule_name(error) == MERGING for error in ours)
        if theirs != mine:
            return f"merging: theirs {theirs}, ours {mine}"
    found["accepted by both"] += not ours
    return None


def is_proposal(answer):
    """Whether what is not read here is an empty selection set, or variables of a fragment: proposals that are read there."""
    message = answer.get("error", {}).get("message", "")
    return "Expected Name, found '}'" in message or "Expected Name, found '('" in message


def rule_name(error):
    return error["rule"][0].upper() + error["rule"][1:] + "Rule"


def names_of(schema):
    """What can be named in a document, and what cannot."""
    names = {"nothing", "F0", "F1", "v0", "v1", "on", "query", "mutation", "subscription", "fragment", "__typename", "__schema"}
    for name, of_type in schema.type_map.items():
        names.add(name)
        for field_name, field in getattr(of_type, "fields", {}).items():
            names |= {field_name, *getattr(field, "args", {})}
        names |= set(getattr(of_type, "values", {}))
    return sorted(names)


def main():
    arguments, text, schema = arguments_of(__doc__, examples=120)
    names, sources = names_of(schema), []
    for operation in operations(text, arguments.examples, arguments.seed):
        number = random.Random(zlib.crc32(operation.encode()) + arguments.seed)
        whole = taken_apart(schema, parse(operation), number)
        doubled = print_ast(visit(parse(whole), Doubles(number)))
        sources += [whole, doubled] + [broken(whole, names, number) for _ in range(6)]
    questions = [{"ask": "validate", "schema": text, "source": source} for source in sources]
    found, differences = Counter(), 0
    for source, answer in zip(sources, ask(arguments.probe, questions)):
        told = difference(schema, source, answer, found)
        if not told:
            continue
        differences += 1
        if differences <= 10:
            print(f"{source[:900]}\n    {told[:900]}")
    print(", ".join(f"{number} {what}" for what, number in found.most_common()))
    print(f"{len(sources)} documents were read and validated: {differences} differences")
    sys.exit(differences > 0 or len(sources) < arguments.examples)


if __name__ == "__main__":
    main()
