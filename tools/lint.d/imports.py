#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Python programs take from one another is there: a line for each name that is imported from a module of this repository and defined nowhere in
it. No program is run for that.

  imports.py FILE..."""
import ast
import os
import sys


def defined(tree):
    """The names of a module's top level, those inside of its ifs and trys included."""
    names, todo = set(), list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(a.asname or a.name).split(".")[0] for a in node.names}
        names |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        todo += [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]
    return names


def main():
    trees = {f: ast.parse(open(f, encoding="utf-8").read(), f) for f in sys.argv[1:]}
    known = {os.path.basename(f)[:-3]: defined(t) for f, t in trees.items() if f.endswith(".py")}
    for f, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in known:
                for name in sorted({a.name for a in node.names} - known[node.module]):
                    print(f"{f}:{node.lineno}: {node.module} has no {name}")


main()
