"""Validates the published vectors with the generated classes."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from events import producer, reader

VECTORS = Path(__file__).resolve().parents[2] / "packages" / "schema" / "vectors"

ENVELOPE: dict[str, Any] = {
    "seq": 4,
    "ts": 1790000000000,
    "t_ms": 9000.0,
    "playhead_ms": 8200,
    "state": "seeking",
}


def versions() -> list[Path]:
    """The folders of the published versions, oldest first."""
    folders = [path for path in VECTORS.iterdir() if re.fullmatch(r"\d+\.\d+", path.name)]
    return sorted(folders, key=lambda path: [int(part) for part in path.name.split(".")])


def read(path: Path) -> Any:
    """The JSON of a file."""
    return json.loads(path.read_text("utf-8"))


def reader_class(event: Any) -> type[BaseModel] | None:
    """The class of an event's type; none when the type is unknown."""
    event_type = event.get("type") if isinstance(event, dict) else None
    return reader.EVENTS.get(event_type) if isinstance(event_type, str) else None


def refusals(model: type[BaseModel], event: Any) -> list[list[str]]:
    """Where a class refuses an event, each place as a list of keys; empty when it accepts it."""
    try:
        model.model_validate(event)
    except ValidationError as error:
        return [[str(key) for key in detail["loc"]] for detail in error.errors()]
    return []


def keys(pointer: str) -> list[str]:
    """The keys of a JSON Pointer."""
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def judged_event(vector: dict[str, Any]) -> Any:
    """The event that JSON Schema refuses in an invalid vector; none when it is not about one event."""
    rejection = vector["rejection"]
    if rejection["code"] == "duplicate_seq" or not vector.get("json_schema", True):
        return None
    path = keys(rejection["path"])
    return vector["batch"]["events"][int(path[1])] if path[:1] == ["events"] and path[1:] else None


def check_valid(version: Path, counts: Counter[str]) -> Iterator[str]:
    """Every event of a known type in a valid batch is accepted."""
    for path in sorted((version / "valid").glob("*.json")):
        for number, event in enumerate(read(path)["events"]):
            model = reader_class(event)
            counts["accepted" if model else "unknown"] += 1
            if model and (found := refusals(model, event)):
                yield f"{version.name} {path.name}: event {number} is refused at {found}"


def check_invalid(version: Path, counts: Counter[str]) -> Iterator[str]:
    """Every event that JSON Schema refuses is refused, at the path that the vector says."""
    for vector in read(version / "invalid.json"):
        event = judged_event(vector)
        model = reader_class(event)
        counts["refused" if model else "other"] += 1
        path = keys(vector["rejection"]["path"])[2:]
        if model and not any(found[: len(path)] == path for found in refusals(model, event)):
            yield f"{version.name} invalid.json: {vector['name']}: not refused at {path} by {model.__name__}"


def check_producer() -> Iterator[str]:
    """An event built in Python is JSON that readers take; one with a misspelt field is refused."""
    fields = {**ENVELOPE, "type": "seek_start", "from_ms": 8200, "playhead_kind": "offset"}
    if found := refusals(producer.SeekStart, fields):
        yield f"a seek_start built in Python is refused at {found}"
    else:
        written = json.loads(producer.SeekStart(**fields).model_dump_json())
        if written != fields or refusals(reader.SeekStart, written):
            yield f"a seek_start built in Python is written as {written}"
    if refusals(producer.SeekStart, {**fields, "in_add": True}) != [["in_add"]]:
        yield "a seek_start with a misspelt field is not refused there by the producer's class"


def main() -> int:
    """Prints how much was checked, or what disagrees."""
    counts: Counter[str] = Counter()
    problems = [*check_producer()]
    for version in versions():
        problems += [*check_valid(version, counts), *check_invalid(version, counts)]
    if problems:
        print("\n".join([*problems, f"{len(problems)} disagreements"]), file=sys.stderr)
        return 1
    print(
        f"vectors of {', '.join(path.name for path in versions())}: {counts['accepted']} events accepted, "
        f"{counts['unknown']} of unknown types kept, {counts['refused']} refused where they should be, "
        f"{counts['other']} invalid batches not about one event of a known type"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
