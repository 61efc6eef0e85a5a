"""The calls of AWS that code makes, read from its text, as the actions that IAM knows them by."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import botocore.session
from botocore import xform_name
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

from support.project import REPOSITORY

SOURCE = REPOSITORY / "src"

# What boto3 and the AWS CLI do under other names than an operation's.
TRANSFERS = {
    ("s3", "upload_file"): ["s3:PutObject"],
    ("s3", "upload_fileobj"): ["s3:PutObject"],
    ("s3", "download_file"): ["s3:GetObject"],
    ("s3", "download_fileobj"): ["s3:GetObject"],
    ("s3", "cp"): ["s3:GetObject"],
    ("ecr", "get_login_password"): ["ecr:GetAuthorizationToken"],
}
# Operations whose action has another name, and services whose prefix is not that of their requests.
ACTIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:CopyObject": "s3:PutObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "lambda:Invoke": "lambda:InvokeFunction",
}
PREFIXES = {"monitoring": "cloudwatch"}

_SESSION = botocore.session.get_session()


def reachable_modules(module: str) -> list[Path]:
    """The file of a module and those of its package that it imports, however far."""
    package = module.rpartition(".")[0]
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = SOURCE.joinpath(*name.split(".")).with_suffix(".py")
        if name in found or not path.exists():
            continue
        found[name] = path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(package):
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return list(found.values())


def python_actions(files: Iterable[Path]) -> set[str]:
    """The actions of the calls in some modules that make and use clients of boto3 together.

    A call belongs to each client of these modules that has such a method, whatever variable holds it.
    """
    calls = [call for file in files for call in _calls(ast.parse(file.read_text("utf-8")))]
    services = {text for call in calls if _name(call).endswith("client") for text in _first_text(call)}
    methods = {_name(call) for call in calls}
    named = {text for call in calls if _name(call) in {"get_paginator", "get_waiter"} for text in _first_text(call)}
    return {action for service in services for action in _actions(service, methods | named)}


def shell_actions(files: Iterable[Path]) -> set[str]:
    """The actions of the calls of the AWS CLI in scripts and buildspecs."""
    commands = re.findall(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)", "".join(file.read_text("utf-8") for file in files))
    return {action for service, command in commands for action in _actions(service, {command.replace("-", "_")})}


def task_actions(resources: Iterable[str]) -> set[str]:
    """The actions of the tasks of a state machine, by the resources that they name."""
    found = set()
    for resource in resources:
        *_, service, method = resource.removesuffix(".sync").removesuffix(".waitForTaskToken").split(":")
        found |= _actions({"states": "stepfunctions", "sfn": "stepfunctions"}.get(service, service), {_snake(method)})
    return found


def known_actions() -> dict[str, set[str]]:
    """The actions of every service that IAM knows, in lower case, as CloudFormation's linter lists them."""
    listed = load_resource(AdditionalSpecs, "Policies.json")
    return {service: set(entry["Actions"]) for service, entry in listed.items()}


def _actions(service: str, methods: set[str]) -> set[str]:
    model = _SESSION.get_service_model(service)
    prefix = PREFIXES.get(model.signing_name, model.signing_name)
    found = {action for method in methods for action in TRANSFERS.get((service, method), [])}
    for operation in model.operation_names:
        if xform_name(operation) in methods:
            action = f"{prefix}:{operation}"
            found.add(ACTIONS.get(action, action))
    return found


def _calls(tree: ast.Module) -> list[ast.Call]:
    """The calls in a module, but for those of functions of other modules, such as re.search."""
    imported = {
        alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and not (isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in imported - {"boto3"})
    ]


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _first_text(call: ast.Call) -> list[str]:
    match call.args:
        case [ast.Constant(value=str(text)), *_]:
            return [text]
    return []


def _snake(method: str) -> str:
    return xform_name(method[0].upper() + method[1:])
