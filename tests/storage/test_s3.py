"""Counting, patching and checking in a bucket of an S3 server in this process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

pytest.importorskip("s3fs", reason="pip install 'tfod-weights[remote]'")
pytest.importorskip("moto.server", reason="pip install 'moto[s3]' flask flask-cors")

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "cells"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def environment(endpoint, tmp_path) -> dict[str, str]:
    """Where a command finds the server, and its account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(tmp_path),  # no files with other accounts
    }


@pytest.fixture
def bucket(endpoint, demo_folder):
    """The demonstration data, its config naming the objects of a bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=BUCKET)
    for path in demo_folder.rglob("*"):
        if path.is_file():
            client.upload_file(str(path), BUCKET, path.as_posix())
    config = (demo_folder / "pipeline.config").read_text()
    config = config.replace('"demo/', f'"s3://{BUCKET}/demo/')
    client.put_object(Bucket=BUCKET, Key="demo/pipeline.config", Body=config.encode())
    yield client
    for row in client.list_objects_v2(Bucket=BUCKET)["Contents"]:
        client.delete_object(Bucket=BUCKET, Key=row["Key"])
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def command(environment):
    """Runs tfod-weights."""

    def run(*arguments: str, **instead: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tfod_weights", *arguments],
            env={**environment, **instead},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_count_equals_the_count_of_local_files(bucket, command, demo_folder) -> None:
    local = command(
        "count", "demo/data/train.record*", "--label-map", "demo/data/label_map.pbtxt",
        "--format", "json",
    )  # fmt: skip
    remote = command(
        "count", f"s3://{BUCKET}/demo/data/train.record*",
        "--label-map", f"s3://{BUCKET}/demo/data/label_map.pbtxt", "--format", "json",
    )  # fmt: skip
    assert remote.stderr == ""
    found, expected = json.loads(remote.stdout), json.loads(local.stdout)
    assert found.pop("files") == [f"s3://{BUCKET}/{path}" for path in expected.pop("files")]
    assert found == expected
    assert found["images"] > 0


def test_a_config_in_a_bucket_is_patched_and_stripped_in_place(bucket, command) -> None:
    def content() -> str:
        found = bucket.get_object(Bucket=BUCKET, Key="demo/pipeline.config")
        return found["Body"].read().decode()

    path, original = f"s3://{BUCKET}/demo/pipeline.config", content()
    patched = command("patch", path)
    assert patched.returncode == 0, patched.stderr
    assert content().count("class_weights") > 1
    assert command("strip", path).returncode == 0
    assert content() == original


def test_a_config_in_a_bucket_is_checked_with_its_records(bucket, command) -> None:
    path = f"s3://{BUCKET}/demo/pipeline.config"
    checked = command("check", path, "--format", "json")
    found = {finding["id"] for finding in json.loads(checked.stdout)["findings"]}
    assert "path-remote" not in found
    local = command("check", "demo/pipeline.config", "--format", "json")
    assert found == {finding["id"] for finding in json.loads(local.stdout)["findings"]}


COMMANDS = (
    "weights {data}/train.record-* --label-map {data}/label_map.pbtxt",
    "forecast {folder}/pipeline.config",
    "migrate {folder}/pipeline.config --dry-run",
    "patch {folder}/pipeline.config --sampling mean --dry-run",
    "generate ssd-tiny --label-map {data}/label_map.pbtxt --train {data}/train.record-* "
    "--val {data}/val.record-* -o -",
)


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_say_of_a_bucket_what_they_say_of_files(bucket, command, line) -> None:
    here, there = "demo", f"s3://{BUCKET}/demo"
    local, remote = (
        command(*line.format(folder=folder, data=f"{folder}/data").split())
        for folder in (here, there)
    )
    assert (local.returncode, remote.returncode) == (0, 0), remote.stderr
    assert remote.stdout.replace(there, here) == local.stdout


ERRORS = {
    "object": (
        "s3://cells/demo/data/other.record",
        {},
        "s3://cells/demo/data/other.record: no such file",
    ),
    "bucket": ("s3://other/*.record", {}, "s3://other/*.record: no file matches this pattern"),
    "credentials": (
        "s3://cells/demo/data/train.record*",
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "s3://cells/demo/data/train.record*: access is refused: Unable to locate credentials",
    ),
    "protocol": ("s5://cells/x.record", {}, "s5:// is no kind of file system that is known"),
    "server": (
        "s3://cells/x.record",
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        "s3://cells/x.record: the connection failed: ",
    ),
}


@pytest.mark.parametrize(("path", "instead", "message"), ERRORS.values(), ids=ERRORS)
def test_errors(bucket, command, path, instead, message) -> None:
    failed = command("count", path, **instead)
    assert failed.returncode == 2
    assert message in failed.stderr
    assert "Traceback" not in failed.stderr
    assert "\nhelp: " in failed.stderr


def test_nothing_many_is_written_to_a_bucket(bucket, command) -> None:
    failed = command(
        "resample", "demo/pipeline.config", "--sampling", "mean", "-o", f"s3://{BUCKET}/new"
    )
    assert failed.returncode == 2
    assert "this would be written to another machine" in failed.stderr
    assert not Path("s3:").exists()


def test_a_shard_that_came_since_the_last_count_is_seen(bucket, environment) -> None:
    code = f"""
import boto3, os
from tfod_weights import count_classes
client = boto3.client("s3")
for number in range(2):
    client.copy({{"Bucket": "{BUCKET}", "Key": "demo/data/val.record-00000-of-00001"}},
                "{BUCKET}", f"new/val-{{number}}")
    print(len(count_classes("s3://{BUCKET}/new/*").files))
"""
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert found.stdout.split() == ["1", "2"], found.stderr
