#!/usr/bin/env python3
"""Writes each migration of PostgreSQL into a file, with what the migrator sets before it.

    gatehouse migrate show --engine postgresql --json | migration-files.py DIRECTORY

Prints a line for each: the file, the phase, and whether it is one transaction (1) or not (0).
"""
import json
import pathlib
import sys

# As in PostgreSQLSchemaHistory.swift and PostgreSQLIndexBuilder.swift.
IN_TRANSACTION = ["SET LOCAL lock_timeout = '2s'", "SET LOCAL statement_timeout = 0"]
BY_ITSELF = ["SET lock_timeout = 0", "SET statement_timeout = 0"]

directory = pathlib.Path(sys.argv[1])
for step in json.load(sys.stdin):
    settings = BY_ITSELF if step["kind"] == "concurrent_index" else IN_TRANSACTION
    file = directory / f"{step['id']:04}.sql"
    file.write_text("".join(f"{statement};\n" for statement in settings + step["statements"]))
    print(file, step["phase"], int(step["one_transaction"]))
