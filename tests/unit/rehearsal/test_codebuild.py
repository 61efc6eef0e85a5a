"""Builds on this machine, by real shells."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import boto3
import pytest

from abalone.errors import AbaloneError
from abalone.rehearsal.codebuild import shell
from abalone.rehearsal.codebuild.buildspec import load_buildspec
from support.buildspec import BUILDSPECS, LoggedBuild, run_buildspec
from support.project import REPOSITORY
from support.sagemaker_account import new_account
from support.waiting import await_that

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def write(folder: Path, text: str, env: str = "{shell: bash}") -> Path:
    path = folder / "buildspec.yml"
    path.write_text(f"version: 0.2\nenv: {env}\n{textwrap.dedent(text)}")
    return path


def run(folder: Path, text: str, env: str = "{shell: bash}", **variables: str) -> LoggedBuild:
    source = folder / "source"
    source.mkdir(exist_ok=True)
    return run_buildspec(write(folder, text, env), source, folder / "output", ENVIRONMENT | variables)


def printed(build: LoggedBuild) -> list[str]:
    """What the commands printed, without what the runner says of them."""
    return [line for line in build.lines if not line.startswith("[Container]")]


def ended(pid: str) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


def test_commands_share_one_shell(tmp_path: Path) -> None:
    build = run(
        tmp_path,
        """
        phases:
          install: {commands: [mkdir inner, cd inner, plain=1, export EXPORTED=2]}
          build: {commands: ['echo "$plain $EXPORTED $(basename "$PWD")"']}
        """,
    )

    assert build.succeeded, build.log
    assert printed(build) == ["1 2 inner"]


def test_command_that_fails_ends_its_phase(tmp_path: Path) -> None:
    build = run(tmp_path, "phases: {build: {commands: [echo before, 'false', echo after]}}")

    assert not build.succeeded
    assert printed(build) == ["before"]


@pytest.mark.parametrize("command", ["exit 3", "set -e; false", "set -u; echo $unknown", "kill -9 $$"])
def test_command_that_ends_the_shell_fails_and_the_next_phase_goes_on_where_it_was(
    command: str, tmp_path: Path
) -> None:
    build = run(
        tmp_path,
        f"""
        phases:
          install: {{commands: [mkdir inner, cd inner, export KEPT=1]}}
          build: {{commands: ['{command}']}}
          post_build: {{commands: ['echo "$KEPT $(basename "$PWD")"']}}
        """,
    )

    assert [(phase.name, phase.succeeded) for phase in build.build.phases] == [
        ("INSTALL", True),
        ("BUILD", False),
        ("POST_BUILD", True),
    ]
    assert printed(build)[-1] == "1 inner"


def test_exit_without_a_fault_is_no_failure(tmp_path: Path) -> None:
    assert run(tmp_path, "phases: {build: {commands: [exit 0]}}").succeeded


def test_post_build_runs_after_a_failed_build_and_is_told_of_it(tmp_path: Path) -> None:
    build = run(
        tmp_path,
        """
        phases:
          build: {commands: ['echo "$CODEBUILD_BUILD_SUCCEEDING"', 'false']}
          post_build: {commands: ['echo "$CODEBUILD_BUILD_SUCCEEDING"']}
        """,
    )

    assert not build.succeeded
    assert printed(build) == ["1", "0"]


@pytest.mark.parametrize("phase", ["install", "pre_build"])
def test_failure_before_the_build_ends_everything(phase: str, tmp_path: Path) -> None:
    build = run(
        tmp_path,
        f"""
        phases:
          {phase}: {{commands: [touch file, 'false'], finally: [echo finally]}}
          build: {{commands: [echo build]}}
          post_build: {{commands: [echo post_build]}}
        artifacts: {{files: [file]}}
        """,
    )

    assert not build.succeeded
    assert printed(build) == ["finally"]
    assert build.build.artifacts == {}


def test_abort_leaves_post_build_out(tmp_path: Path) -> None:
    build = run(
        tmp_path,
        """
        phases:
          build: {on-failure: ABORT, commands: ['false']}
          post_build: {commands: [echo post_build]}
        """,
    )

    assert printed(build) == []


def test_continue_goes_on_and_the_build_has_failed(tmp_path: Path) -> None:
    build = run(
        tmp_path,
        """
        phases:
          install: {on-failure: CONTINUE, commands: ['false']}
          build: {commands: [echo build]}
        """,
    )

    assert not build.succeeded
    assert printed(build) == ["build"]


def test_finally_runs_and_its_failure_counts(tmp_path: Path) -> None:
    build = run(tmp_path, "phases: {build: {commands: ['true'], finally: [echo finally, 'false']}}")

    assert not build.succeeded
    assert printed(build) == ["finally"]


def test_process_that_is_left_in_the_background_ends_with_the_build(tmp_path: Path) -> None:
    build = run(tmp_path, "phases: {build: {commands: ['sleep 600 & echo $!']}}")

    (pid,) = printed(build)
    assert build.succeeded
    await_that(lambda: ended(pid), "the process lives on")


def test_process_that_leaves_the_session_does_not_hold_the_build_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "GRACE_SECONDS", 0.1)

    build = run(tmp_path, "phases: {build: {commands: ['setsid sleep 600 & echo $!']}}")

    (pid,) = printed(build)
    os.kill(int(pid), signal.SIGKILL)
    assert build.succeeded


def test_exported_variables_are_handed_on_and_no_others(tmp_path: Path) -> None:
    build = run(
        tmp_path,
        "phases: {build: {commands: [\"export ONE=$'a\\\\nb' OTHER=2\", THREE=3]}}",
        env="{shell: bash, exported-variables: [ONE, TWO, THREE]}",
    )

    assert build.exported == {"ONE": "a\nb"}


def test_variables_of_the_project_stand_over_those_of_the_buildspec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABALONE_BUCKET", "of this machine")

    build = run(
        tmp_path,
        "phases: {build: {commands: ['echo $ONE $TWO ${ABALONE_BUCKET:-none}']}}",
        env="{shell: bash, variables: {ONE: spec, TWO: spec}}",
        TWO="project",
    )

    assert printed(build) == ["spec project none"]


def test_proxies_of_this_machine_are_those_of_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://{name}")

    build = run(tmp_path, "phases: {build: {commands: ['echo $https_proxy $HTTPS_PROXY']}}")

    assert printed(build) == ["http://https_proxy http://HTTPS_PROXY"]


def test_artifacts_are_packed_also_of_a_failed_build(tmp_path: Path) -> None:
    build = run(
        tmp_path,
        """
        phases: {build: {commands: [mkdir -p out/inner, touch out/a.txt out/inner/b.txt, 'false']}}
        artifacts:
          base-directory: out
          files: ["**/*"]
          secondary-artifacts:
            flat: {base-directory: out, files: [inner/b.txt], discard-paths: yes}
        """,
    )

    packed = {name: sorted(zipfile.ZipFile(path).namelist()) for name, path in build.build.artifacts.items()}
    assert packed == {"artifact": ["a.txt", "inner/b.txt"], "flat": ["b.txt"]}


def test_artifact_that_is_not_there_fails_the_build(tmp_path: Path) -> None:
    build = run(tmp_path, "phases: {build: {commands: ['true']}}\nartifacts: {files: [missing.zip]}")

    assert not build.succeeded
    assert "no file of the artifact matches missing.zip" in build.log


def test_reports_are_counted(tmp_path: Path) -> None:
    counts = 'tests="5" failures="1" errors="0" skipped="2"'
    suite = f"<testsuites><testsuite {counts}><testsuite {counts}/></testsuite></testsuites>"

    build = run(
        tmp_path,
        f"""
        phases: {{build: {{commands: ['echo ''{suite}'' >one.xml', cp one.xml two.xml]}}}}
        reports: {{tests: {{files: ["*.xml"]}}, none: {{files: [none.xml]}}}}
        """,
    )

    assert build.build.reports == {"tests": {"tests": 10, "failures": 2, "errors": 0, "skipped": 4}, "none": {}}


@pytest.mark.parametrize("report", ["<testsuites>", '<testsuite tests="many"/>'])
def test_report_that_cannot_be_read_is_told_and_the_build_has_its_outcome(report: str, tmp_path: Path) -> None:
    build = run(
        tmp_path,
        f"""
        phases: {{build: {{commands: ['echo ''{report}'' >bad.xml', 'echo ''<testsuites/>'' >good.xml']}}}}
        reports: {{bad: {{files: [bad.xml]}}, good: {{files: [good.xml]}}}}
        """,
    )

    assert build.succeeded
    assert list(build.build.reports) == ["good"]
    assert "bad.xml is no report of JUnit's format: " in build.log


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("phases: {build: {commands: ['true'], run-as: root}}\nbatch: {}", ["phases.build.run-as", "batch"]),
        ("phases: {deploy: {commands: ['true']}, build: {commands: ['true']}}", ["phases.deploy"]),
        ("phases: {build: {commands: ['true']}}\nartifacts: {files: [a], name: b}", ["artifacts.name"]),
        ("phases: {install: {commands: ['true']}}", ["phases.build is missing"]),
        (
            "phases: {install: {runtime-versions: {java: '21'}, commands: ['true']}, build: {commands: ['true']}}",
            ["java"],
        ),
    ],
)
def test_what_is_not_carried_out_is_refused_by_name(text: str, named: list[str], tmp_path: Path) -> None:
    with pytest.raises(AbaloneError) as refusal:
        load_buildspec(write(tmp_path, text))

    assert [name for name in named if name not in str(refusal.value)] == []


def test_python_that_is_not_on_path_is_refused(tmp_path: Path) -> None:
    text = "phases: {install: {runtime-versions: {python: '3.99'}, commands: ['true']}, build: {commands: ['true']}}"

    with pytest.raises(AbaloneError, match=r"put python3\.99 on PATH"):
        run(tmp_path, text)


@pytest.mark.parametrize("path", sorted(BUILDSPECS.glob("*.yml")), ids=lambda path: path.stem)
def test_buildspecs_of_the_project_say_nothing_that_is_not_carried_out(path: Path) -> None:
    assert load_buildspec(path).phases.build.commands


COMMAND = [sys.executable, "-m", "abalone.rehearsal.codebuild"]


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=REPOSITORY,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_resolves_parameters_and_ends_with_the_outcome(tmp_path: Path) -> None:
    env = "{shell: bash, parameter-store: {ONE: /abalone/one}, exported-variables: [ONE, TWO, THREE]}"
    path = write(tmp_path, "phases: {build: {commands: ['true']}}", env)
    with new_account() as account:
        variables = {name: value for name, value in account.env.items() if name.startswith("AWS_")}
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "eu-west-1"}
        ssm = boto3.client("ssm", endpoint_url=account.endpoint, **keys)
        for name in ("one", "two"):
            ssm.put_parameter(Name=f"/abalone/{name}", Value=f"value of {name}", Type="SecureString")

        completed = command(str(path), "--parameter", "TWO=/abalone/two", "--env", "THREE=3=3", **variables)
        refused = command(str(path), "--parameter", "TWO=/abalone/none", **variables)

    outcome = json.loads(completed.stdout[completed.stdout.index("\n{") :])
    assert completed.returncode == 0
    assert outcome["status"] == "SUCCEEDED"
    assert outcome["exported"] == {"ONE": "value of one", "TWO": "value of two", "THREE": "3=3"}
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: TWO is the parameter /abalone/none, which cannot be read: ")


def test_command_says_in_one_line_what_it_cannot_run(tmp_path: Path) -> None:
    completed = command(str(tmp_path / "none.yml"))

    assert completed.returncode == 1
    (line,) = completed.stderr.splitlines()
    assert "none.yml is no buildspec that can be read" in line


def test_command_says_in_one_line_that_there_is_no_such_source(tmp_path: Path) -> None:
    path = write(tmp_path, "phases: {build: {commands: ['true']}}")

    completed = command(str(path), "--source", "nowhere")

    assert completed.returncode == 1
    assert completed.stderr == "Error: nowhere is no folder: name the one that is built with --source\n"


def test_command_that_is_ended_lets_its_build_end(tmp_path: Path) -> None:
    (tmp_path / "long.sh").write_text(
        "trap 'touch ended; exit' TERM; touch started; while :; do sleep 0.05; done", encoding="utf-8"
    )
    path = write(tmp_path, "phases: {build: {commands: [bash long.sh]}}")
    process = subprocess.Popen([*COMMAND, path, "--source", tmp_path], stdout=subprocess.DEVNULL)
    try:
        await_that((tmp_path / "started").exists, "the build does not start")

        process.terminate()
        code = process.wait(60)
    finally:
        process.kill()
        process.wait()

    assert code == 128 + signal.SIGTERM
    assert (tmp_path / "ended").exists()
