"""`shenbao schema`: the output contract as JSON Schema."""

import argparse
import json

from shenbao.cli.streams import deliver
from shenbao.models.document import Document
from shenbao.reading import ReaderFactory


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    schema = Document.model_json_schema(mode="serialization")
    deliver(json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n")
    return 0
