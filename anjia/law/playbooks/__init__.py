"""Playbooks (办事流程): what may happen to a matter, as YAML files that are checked before they run.

`schema` says what a playbook is made of, `loader` reads a file, `checker` proves that nobody can fall
through it, `interpreter` answers what a move does, `library` holds the catalogue. Pure Python.
"""
