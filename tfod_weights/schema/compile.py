"""`python -m tfod_weights.schema.compile`: protos_ext/class_weights.proto → .binpb.

Needs protoc from grpcio-tools (in the `dev` extra). A test compiles again and compares.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import tfod_weights.protos_ext as protos_ext

_FOLDER = Path(protos_ext.__file__).parent


def compiled() -> bytes:
    """The serialized FileDescriptorSet that protoc makes of class_weights.proto.

    protoc runs in a process of its own: it does not bear TensorFlow beside it.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "class_weights.binpb"
        arguments = [f"-I{_FOLDER}", f"--descriptor_set_out={output}", "class_weights.proto"]
        subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *arguments], check=True)
        return output.read_bytes()


if __name__ == "__main__":
    (_FOLDER / "class_weights.binpb").write_bytes(compiled())
