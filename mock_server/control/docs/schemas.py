"""JSON schemas as text: a row for each field of a body, and an example."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]  # a JSON schema, of whatever shape

_DEEPEST = 3
_KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_FORMATS = {"date-time": "instant", "date": "date", "duration": "duration", "binary": "file"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field by its dotted name."""

    name: str
    kind: str
    is_required: bool
    about: str
    usual: str = ""


def usual(schema: Schema) -> str:
    """What counts where the field is absent; empty where that is nothing."""
    default = schema.get("default")
    return "" if default in (None, [], {}, "") else json.dumps(default)


class Words:
    """Reads the schemas of one document, whose parts name each other."""

    def __init__(self, document: Schema) -> None:
        self._parts: Schema = document.get("components", {}).get("schemas", {})

    def fields(self, schema: Schema, *, before: str = "", deep: int = 0) -> Iterator[Field]:
        """The fields of an object, those of its inner objects after it."""
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
            if deep < _DEEPEST:
                inner = self._plain(field_schema)
                many = inner.get("type") == "array"
                yield from self.fields(
                    inner.get("items", {}) if many else inner,
                    before=f"{field_name}[]." if many else f"{field_name}.",
                    deep=deep + 1,
                )

    def kind(self, schema: Schema) -> str:
        """What a value is, in a word or two."""
        one = self._plain(schema)
        if "const" in one:
            return json.dumps(one["const"])
        if "enum" in one:
            return " | ".join(json.dumps(value) for value in one["enum"])
        if one.get("type") == "array":
            return f"list of {self.kind(one.get('items', {}))}"
        if "anyOf" in one:
            return " or ".join(dict.fromkeys(self.kind(option) for option in one["anyOf"]))
        if one.get("format") in _FORMATS:
            return _FORMATS[one["format"]]
        return _KINDS.get(str(one.get("type")), "object")

    def example(self, schema: Schema) -> dict[str, Any] | None:
        """What can be sent: the schema's own example, else the fields that must be and have one; None for nothing."""
        found = self._object(schema)
        if found.get("examples"):
            own: dict[str, Any] = found["examples"][0]
            return own
        needed = {name: found["properties"][name] for name in found.get("required", ())}
        return {name: one.get("examples", [None])[0] for name, one in needed.items()} or None

    def _object(self, schema: Schema) -> Schema:
        found = self._plain(schema)
        options = [self._plain(one) for one in found.get("anyOf", ())]
        return next((one for one in options if "properties" in one), found)

    def _plain(self, schema: Schema) -> Schema:
        """The schema that a reference names; for a nullable value, the other schema."""
        if "$ref" in schema:
            part: Schema = self._parts[schema["$ref"].rpartition("/")[2]]
            return self._plain(part)
        options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
        return self._plain(options[0]) if len(options) == 1 else schema
