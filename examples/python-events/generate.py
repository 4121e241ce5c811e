"""Generates one pydantic class for each event type from the published JSON Schema.

`python generate.py` writes what a reader accepts to events/reader; `python generate.py producer` writes
what a producer may send to events/producer.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from datamodel_code_generator import generate
from datamodel_code_generator.enums import DataModelType, InputFileType, StrictTypes, TargetPydanticVersion
from datamodel_code_generator.format import Formatter, PythonVersion
from datamodel_code_generator.parser import LiteralType

HERE = Path(__file__).resolve().parent
SCHEMAS = HERE.parents[1] / "packages" / "schema" / "schemas"
PACKAGE = HERE / "events"

BASE = '''"""What JSON Schema says of every class and pydantic does not."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


def whole(value: Any) -> Any:
    """To JSON Schema 1.0 is the integer 1; to a strict pydantic field it is not."""
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Base(BaseModel):
    """JSON has no NaN and no infinity; a field that Python renames has its own name in JSON."""

    model_config = ConfigDict(allow_inf_nan=False, serialize_by_alias=True)

    @model_validator(mode="before")
    @classmethod
    def _read_whole_numbers(cls, data: Any) -> Any:
        return {key: whole(value) for key, value in data.items()} if isinstance(data, dict) else data
'''


def class_name(event_type: str) -> str:
    """`seek_start` is SeekStart."""
    return "".join(word.capitalize() for word in event_type.split("_"))


def generate_module(schema: Path, output: Path) -> None:
    """Writes the module of one event type."""
    generate(
        schema,
        input_file_type=InputFileType.JsonSchema,
        output=output,
        output_model_type=DataModelType.PydanticV2BaseModel,
        class_name=class_name(schema.stem),
        base_class="events.base.Base",
        target_python_version=PythonVersion.PY_310,
        target_pydantic_version=TargetPydanticVersion.V2_14,
        formatters=[Formatter.BUILTIN],
        disable_timestamp=True,
        use_schema_description=True,
        use_annotated=True,
        strict_types=list(StrictTypes),
        enum_field_as_literal=LiteralType.All,
        use_missing_sentinel=True,
        use_type_alias=True,
        use_tuple_for_fixed_length_arrays=True,
        extra_fields="allow" if schema.parent.parent.name == "reader" else None,
    )


def init_module(version: str, role: str, types: list[str]) -> str:
    """The package of a role: every class by its name, and by its event type in `EVENTS`."""
    imports = "\n".join(f"from .{name} import {class_name(name)} as {class_name(name)}" for name in types)
    entries = "\n".join(f'    "{name}": {class_name(name)},' for name in types)
    return (
        f'"""The events of wire version {version}, for a {role}."""\n\n'
        f"from events.base import Base\n\n{imports}\n\n"
        f"EVENTS: dict[str, type[Base]] = {{\n{entries}\n}}\n"
    )


def generate_package(role: str) -> int:
    """Writes the package of a role anew; how many classes it has."""
    version = json.loads((SCHEMAS / "index.json").read_text("utf-8"))["latest"]
    schemas = sorted((SCHEMAS / version / role / "events").glob("*.json"))
    package = PACKAGE / role
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    (PACKAGE / "base.py").write_text(BASE, "utf-8")
    for schema in schemas:
        generate_module(schema, package / f"{schema.stem}.py")
    types = [schema.stem for schema in schemas]
    (package / "__init__.py").write_text(init_module(version, role, types), "utf-8")
    return len(types)


def main() -> None:
    """Generates the package of the role on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", nargs="?", choices=["reader", "producer"], default="reader")
    role = parser.parse_args().role
    print(f"events/{role}: {generate_package(role)} classes")


if __name__ == "__main__":
    main()
