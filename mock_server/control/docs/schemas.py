"""Describes JSON schemas in words: a row per field of a body, and an example."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]  # any JSON schema

_MAX_DEPTH = 3
_KINDS = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}
_FORMATS = {"date-time": "timestamp", "date": "date", "duration": "duration", "binary": "file"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field with its dotted name, such as `clock.now`."""

    name: str
    kind: str
    is_required: bool
    about: str
    usual: str = ""


def usual(schema: Schema) -> str:
    """The default as JSON; empty if there is none or it is empty."""
    default = schema.get("default")
    return "" if default in (None, [], {}, "") else json.dumps(default)


class Words:
    """Describes the schemas of one OpenAPI document and resolves the references between them."""

    def __init__(self, document: Schema) -> None:
        self._parts: Schema = document.get("components", {}).get("schemas", {})

    def fields(self, schema: Schema, *, before: str = "", deep: int = 0) -> Iterator[Field]:
        """The fields of an object, each followed by the fields of its own value."""
        found = self._object(schema)
        required = found.get("required", ())
        for name, field_schema in found.get("properties", {}).items():
            field_name = before + name
            yield Field(
                name=field_name,
                kind=self.kind(field_schema),
                is_required=name in required,
                about=str(field_schema.get("description", "")),
                usual=usual(field_schema),
            )
            if deep < _MAX_DEPTH:
                inner = self._plain(field_schema)
                many = inner.get("type") == "array"
                yield from self.fields(
                    inner.get("items", {}) if many else inner,
                    before=f"{field_name}[]." if many else f"{field_name}.",
                    deep=deep + 1,
                )

    def kind(self, schema: Schema) -> str:
        """The type of a value, in a word or two."""
        plain = self._plain(schema)
        if "const" in plain:
            return json.dumps(plain["const"])
        if "enum" in plain:
            return " | ".join(json.dumps(value) for value in plain["enum"])
        if plain.get("type") == "array":
            return f"list of {self.kind(plain.get('items', {}))}"
        if "anyOf" in plain:
            return " or ".join(dict.fromkeys(self.kind(option) for option in plain["anyOf"]))
        if plain.get("format") in _FORMATS:
            return _FORMATS[plain["format"]]
        return _KINDS.get(str(plain.get("type")), "object")

    def example(self, schema: Schema) -> dict[str, Any] | None:
        """A body that can be sent: the schema's own example, else the examples of its required fields; else None."""
        found = self._object(schema)
        if found.get("examples"):
            example: dict[str, Any] = found["examples"][0]
            return example
        required = {name: found["properties"][name] for name in found.get("required", ())}
        return {name: field.get("examples", [None])[0] for name, field in required.items()} or None

    def _object(self, schema: Schema) -> Schema:
        found = self._plain(schema)
        options = [self._plain(option) for option in found.get("anyOf", ())]
        return next((option for option in options if "properties" in option), found)

    def _plain(self, schema: Schema) -> Schema:
        """The schema without references, and without the null of an optional value."""
        if "$ref" in schema:
            part: Schema = self._parts[schema["$ref"].rpartition("/")[2]]
            return self._plain(part)
        options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
        return self._plain(options[0]) if len(options) == 1 else schema
