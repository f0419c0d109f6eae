#!/usr/bin/env python3
"""Holds GraphQL of this project against graphql-core.

    differential.py PROBE CASES DIFFERENCES [--record]

PROBE is the built program graphql-probe, CASES what `harvest.py` has written. Documents must be read and refused alike, at
the same places; every rule must find the same places of a document wrong; schemas must be accepted and printed alike.
DIFFERENCES lists every case in which both differ, with the reason; --record writes it anew. Exit code 1 where a case
differs for which there is no reason.
"""

import argparse
import json
import re
import struct
import subprocess
import sys
from collections import Counter

# Rules of graphql-core that have no counterpart here: directives and limits that the specification does not have.
FOREIGN = {"DeferStreamDirectiveLabel", "DeferStreamDirectiveOnRootField", "StreamDirectiveOnListField"}
FOREIGN |= {"DeferStreamDirectiveOnValidOperationsRule", "NoDeprecatedCustomRule", "NoSchemaIntrospectionCustomRule"}

# The rules of this project; see ValidationRule.
OURS = {
    "executableDefinitions", "knownOperationTypes", "uniqueOperationNames", "loneAnonymousOperation",
    "singleFieldSubscriptions", "fieldsOnCorrectType", "overlappingFieldsCanBeMerged", "scalarLeafs",
    "knownArgumentNames", "uniqueArgumentNames", "providedRequiredArguments", "uniqueFragmentNames", "knownTypeNames",
    "fragmentsOnCompositeTypes", "noUnusedFragments", "knownFragmentNames", "noFragmentCycles",
    "possibleFragmentSpreads", "valuesOfCorrectType", "uniqueInputFieldNames", "knownDirectives",
    "uniqueDirectivesPerLocation", "uniqueVariableNames", "variablesAreInputTypes", "noUndefinedVariables",
    "noUnusedVariables", "variablesInAllowedPosition", "maxIntrospectionDepth",
}


def ask(probe, questions):
    """What the probe answers to each question."""
    texts = [json.dumps(question).encode() for question in questions]
    frames = b"".join(struct.pack(">I", len(text)) + text for text in texts)
    output = subprocess.run([probe], input=frames, stdout=subprocess.PIPE, check=True, timeout=300).stdout
    answers, place = [], 0
    while place < len(output):
        (length,) = struct.unpack_from(">I", output, place)
        answers.append(json.loads(output[place + 4 : place + 4 + length]))
        place += 4 + length
    if len(answers) != len(texts):
        sys.exit(f"{len(texts)} questions were answered by {len(answers)} answers")
    return answers


def places(error):
    return sorted([place["line"], place["column"]] for place in error.get("locations", []))


def rule_name(rule):
    name = rule.removesuffix("Rule")
    return name[0].lower() + name[1:]


def difference(case, answer):
    """In what both differ, or nothing."""
    if case["ask"] == "parse":
        theirs = case.get("places")
        ours = places(answer["error"]) if "error" in answer else None
        if (theirs is None) != (ours is None):
            return f"theirs: {case.get('message', 'read')}; ours: {answer.get('error', {}).get('message', 'read')}"
        return None if theirs == ours else f"places: theirs {theirs}, ours {ours}"
    if case["ask"] == "validate":
        if "errors" not in answer:
            return f"ours: {answer}"
        rules = {rule_name(rule) for rule in case["rules"]}
        theirs = sorted(error["places"] for error in case["errors"])
        ours = sorted(places(error["error"]) for error in answer["errors"] if error["rule"] in rules)
        if rules == {"overlappingFieldsCanBeMerged"}:
            # The algorithms name other pairs of fields: whether there is a conflict is what counts.
            theirs, ours = bool(theirs), bool(ours)
        return None if theirs == ours else f"{sorted(rules)}: theirs {theirs}, ours {ours}"
    if bool(case["faults"]) != ("sdl" not in answer):
        return f"theirs: {case['faults']}; ours: {answer.get('fault', answer.get('error', 'accepted'))}"
    theirs = case["printed"].strip()
    return None if case["faults"] or theirs == answer["sdl"].strip() else f"printed: theirs {theirs!r}, ours {answer['sdl']!r}"


def reason(case, told):
    """Why both may differ; nothing where they may not."""
    source = case["source"]
    if re.search(r"\{\s*\}", source) and "Expected Name, found '}'" in told:
        return "graphql-core accepts empty selection sets, which the specification does not have"
    if re.search(r"extend\s+directive|directive\s+@\w+\s*(\([^)]*\))?\s*@|DIRECTIVE_DEFINITION", source):
        return "directives on directives are no part of the September 2025 specification"
    if "nested" in told and "nested too deeply" in case.get("message", "") or "nesting_depth" in case["test"]:
        return "the bound on nesting is another one: 256 levels here, 200 and counted otherwise there"
    if "too_deeply_nested" in case["test"]:
        return "the bound on nesting is another one: 256 levels here, 200 and counted otherwise there"
    if "Expected Name, found '('" in told or re.search(r"fragment\s+\w+\s*\(", source):
        return "variables of fragments are no part of the September 2025 specification"
    if "FRAGMENT_VARIABLE_DEFINITION" in source + case.get("schema", ""):
        return "variables of fragments are no part of the September 2025 specification"
    if "Extensions are not supported" in told:
        return "schemas are extended in no text here: there is one text for a schema"
    if case["ask"] == "validate" and set(case["rules"]) & FOREIGN:
        return "the rule is about directives or limits that the specification does not have"
    if "ignores_non_type_system_definitions" in case["test"]:
        return "a schema document that holds operations or fragments is refused here, not read in part"
    if case["ask"] == "validate" and not {rule_name(rule) for rule in case["rules"]} <= OURS:
        return "the test has made a rule of its own"
    if "MaxIntrospectionDepthRule" in case["rules"] if case["ask"] == "validate" else False:
        return "what follows fragments is not looked at where fragments form a cycle or are nested without bound"
    if re.search(r"(recursive_fragment|fragment_cycle)", case["test"]):
        return "what follows fragments is not looked at where fragments form a cycle or are nested without bound"
    if "complexity_budget" in case["test"]:
        return "the budget of merging is another one, and the algorithm needs less of it"
    if "distinguishes_value_kinds" in case["test"]:
        return "two forms of one text are one value; a field that is given twice breaks a rule of its own"
    if "custom_scalar" in case["test"]:
        return "the test's scalar refuses the literal by code, which a schema in text does not tell"
    if "standard_scalars_that_are_missing" in case["test"]:
        return "every schema has all built-in scalars here (section 3.5)"
    if case["ask"] == "schema" and "{  }" in told and told.count("{  }") == source.count("{}"):
        return "an empty input object is printed as {} here"
    if re.search(r"@(defer|stream)\b", source) or re.search(r"@(defer|stream)\b", case.get("schema", "")):
        return "@defer and @stream are no part of the September 2025 specification"
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("probe", metavar="PROBE")
    arguments.add_argument("cases", metavar="CASES")
    arguments.add_argument("differences", metavar="DIFFERENCES")
    arguments.add_argument("--record", action="store_true")
    arguments = arguments.parse_args()

    with open(arguments.cases, encoding="utf-8") as file:
        cases = [json.loads(line) for line in file]
    answers = ask(arguments.probe, cases)
    listed, unexplained, reasons = [], 0, Counter()
    for case, answer in zip(cases, answers):
        told = difference(case, answer)
        if not told:
            continue
        why = reason(case, told)
        reasons[why] += 1
        listed.append({"test": case["test"], "ask": case["ask"], "source": case["source"][:200], "reason": why})
        if not why:
            unexplained += 1
            if unexplained <= 40:
                print(f"{case['test']}\n    {case['source'][:300]!r}\n    {told[:300]}")
    if arguments.record:
        with open(arguments.differences, "w", encoding="utf-8") as file:
            for entry in listed:
                file.write(json.dumps(entry) + "\n")
    for why, number in reasons.most_common():
        print(f"{number:5} {why or 'without a reason'}")
    asked = Counter(case["ask"] for case in cases)
    print(f"{len(cases)} cases ({dict(asked)}), {len(listed)} differences, {unexplained} without a reason")
    sys.exit(unexplained > 0)


if __name__ == "__main__":
    main()
