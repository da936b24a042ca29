"""The same placement table in the peers, each in the form that comes naturally to it.

What can be prepared once is: policies are parsed, a table is compiled. Each candidate takes a
complete record and gives the code of a level.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from placement_table import DEFAULT, LEVELS, RATINGS, ROWS, Row

__all__ = ["Placed", "Record", "business_rules", "cedar", "zen"]

Record: TypeAlias = dict[str, int]
Placed: TypeAlias = Callable[[Record], str]
"""What places a record."""


def zen(*, trace: bool = False, by_key: bool = True) -> Placed:
    """Give zen-engine: a decision table of which the first row that holds is taken.

    Args:
        trace: Whether it tells which row held, and what was looked at.
        by_key: Whether the table lies in a static loader and is named in every call, which keeps it
            compiled; else a decision is made of it once, as the package's first example does.
    """
    from zen import ZenEngine

    options: Any = {"trace": trace}
    if by_key:
        engine = ZenEngine({"loader": {"type": "static", "content": {"table": _zen_graph()}}})
        evaluate: Callable[..., Any] = partial(engine.evaluate, "table")
    else:
        evaluate = ZenEngine().create_decision(json.dumps(_zen_graph())).evaluate

    def placed(record: Record) -> str:
        level: str = evaluate(record, options)["result"]["level"]
        return level

    return placed


def _zen_graph() -> dict[str, Any]:
    """Draw the table between an input and an output."""
    fields = dict.fromkeys(names for row in ROWS for names in row.least)
    columns = {names: f"c{number}" for number, names in enumerate(fields)}
    inputs = [{"id": id, "name": id, "field": " + ".join(names)} for names, id in columns.items()]
    default = Row(DEFAULT, {})
    rules = [_zen_row(number, row, columns) for number, row in enumerate((*ROWS, default))]
    table = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "level", "name": "level", "field": "level"}],
        "rules": rules,
    }
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "e2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }


def _zen_row(number: int, row: Row, columns: Mapping[tuple[str, ...], str]) -> dict[str, str]:
    """Write a row; an empty cell takes anything."""
    cells = {id: f">= {row.least[names]}" for names, id in columns.items() if names in row.least}
    empty = dict.fromkeys(columns.values(), "")
    return {"_id": str(number), **empty, **cells, "level": json.dumps(row.level)}


def cedar() -> Placed:
    """Give cedarpy: a policy for each row; of those that permit, the most intensive level."""
    from cedarpy import Entities, PolicySet, is_authorized

    policies = PolicySet.from_str("\n".join(map(_cedar_policy, ROWS)))
    entities = Entities.from_json_str("[]")
    names = {"principal": "Person", "action": "Action", "resource": "Care"}
    asked = {part: {"type": type_name, "id": "x"} for part, type_name in names.items()}
    levels = {f"policy{number}": row.level for number, row in enumerate(ROWS)}

    def placed(record: Record) -> str:
        result = is_authorized({**asked, "context": record}, policies, entities)
        assert not result.diagnostics.errors, "policies that failed are skipped"
        permitted = {levels[id] for id in result.diagnostics.reasons}
        return next((level for level in LEVELS if level in permitted), DEFAULT)

    return placed


def _cedar_policy(row: Row) -> str:
    conditions = (
        f"{' + '.join(f'context.{name}' for name in names)} >= {least}"
        for names, least in row.least.items()
    )
    return f"permit (principal, action, resource) when {{ {' && '.join(conditions)} }};"


def business_rules() -> Placed:
    """Give business-rules: a list of rules, run until one is triggered."""
    from business_rules import run_all

    variables, actions = _business_classes()
    rules = [_business_rule(row) for row in ROWS]

    def placed(record: Record) -> str:
        found: Any = actions()
        run_all(rules, variables(record), found, stop_on_first_trigger=True)
        level: str = found.level
        return level

    return placed


def _business_rule(row: Row) -> dict[str, Any]:
    conditions = [
        {"name": "_".join(names), "operator": "greater_than_or_equal_to", "value": least}
        for names, least in row.least.items()
    ]
    action = {"name": "place", "params": {"level": row.level}}
    return {"conditions": {"all": conditions}, "actions": [action]}


def _business_classes() -> tuple[Any, Any]:
    """Make the classes of variables, one for each rating and total, and of actions."""
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import BaseVariables, numeric_rule_variable

    class Variables(BaseVariables):  # type: ignore[misc]
        """What is known of a person."""

        def __init__(self, record: Record) -> None:
            self.record = record

    class Actions(BaseActions):  # type: ignore[misc]
        """Takes the level down."""

        level = DEFAULT

        @rule_action(params={"level": FIELD_TEXT})  # type: ignore[untyped-decorator]
        def place(self, level: str) -> None:
            """Take the level of the rule."""
            self.level = level

    def variable(names: tuple[str, ...]) -> Any:
        return numeric_rule_variable(lambda self: sum(self.record[name] for name in names))

    for names in {*((name,) for name in RATINGS), *(key for row in ROWS for key in row.least)}:
        setattr(Variables, "_".join(names), variable(names))
    return Variables, Actions
