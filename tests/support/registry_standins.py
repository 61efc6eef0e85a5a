"""Stand-ins for `docker` and `aws`: they keep a registry in a file, record each call, and answer as the real ones do.

Usage: registry_standins.py docker|aws ARGUMENTS. The variable STANDINS names the folder of their state, and
STANDINS_BROKEN a command that fails, such as "docker push".
"""

# ruff: noqa: T201 - programs print

import hashlib
import json
import os
import re
import shlex
import sys
from pathlib import Path

import jmespath

LOGIN = "as-good-as-a-password"
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


def install(folder: Path) -> None:
    """Put the programs into a folder of their own, to be set before the others in PATH."""
    folder.mkdir()
    for program in ("docker", "aws"):
        executable = folder / program
        command = shlex.join([sys.executable, __file__, program])
        executable.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        executable.chmod(0o755)


def option(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


def fail(message: str) -> None:
    print(message, file=sys.stderr)
    sys.exit(255)


def docker(arguments: list[str], state: dict[str, dict[str, str]]) -> None:
    match arguments:
        case ["login", *rest]:
            if sys.stdin.read().strip() != LOGIN or rest[-1] != REGISTRY:
                fail("Error response from daemon: login attempt failed with status: 400 Bad Request")
            state["logins"][REGISTRY] = "yes"
            print("Login Succeeded")
        case ["build", *rest]:
            target = option(rest, "--target")
            if not re.search(rf"(?im)^FROM .+ AS {target}$", (Path(rest[-1]) / "Dockerfile").read_text()):
                fail(f"ERROR: target stage {target!r} could not be found")
            state["built"][option(rest, "--tag")] = "sha256:" + hashlib.sha256(" ".join(rest).encode()).hexdigest()
            print("naming to", option(rest, "--tag"))
        case ["push", image]:
            if REGISTRY not in state["logins"]:
                fail("no basic auth credentials")
            if image in state["pushed"]:
                fail("tag invalid: the image tag already exists and cannot be overwritten because it is immutable")
            state["pushed"][image] = state["built"][image]
            print("digest:", state["built"][image])
        case _:
            fail(f"docker: {arguments[0]!r} is not a docker command")


def aws(arguments: list[str], state: dict[str, dict[str, str]]) -> None:
    match arguments:
        case ["ecr", "get-login-password", *_]:
            print(LOGIN)
        case ["ecr", "batch-get-image", *rest]:
            account, region = option(rest, "--registry-id"), option(rest, "--region")
            repository = f"{account}.dkr.ecr.{region}.amazonaws.com/{option(rest, '--repository-name')}"
            tag = option(rest, "--image-ids").removeprefix("imageTag=")
            digest = state["pushed"].get(f"{repository}:{tag}")
            images = [{"imageId": {"imageDigest": digest, "imageTag": tag}}] if digest else []
            print(jmespath.search(option(rest, "--query"), {"images": images, "failures": []}))
        case _:
            fail(f"aws: error: argument command: Invalid choice {arguments[:2]}")


def main() -> None:
    program, *arguments = sys.argv[1:]
    folder = Path(os.environ["STANDINS"])
    with (folder / "calls.jsonl").open("a") as calls:
        calls.write(json.dumps([program, *arguments]) + "\n")
    if (broken := os.environ.get("STANDINS_BROKEN")) and " ".join([program, *arguments]).startswith(broken):
        fail(f"{broken}: it is broken")
    path = folder / "state.json"
    state = json.loads(path.read_text()) if path.exists() else {"logins": {}, "built": {}, "pushed": {}}
    {"docker": docker, "aws": aws}[program](arguments, state)
    if program == "docker":  # `aws` only reads, and runs beside the login that its password is handed to
        path.write_text(json.dumps(state))


if __name__ == "__main__":
    main()
