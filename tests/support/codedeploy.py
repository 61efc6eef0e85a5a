"""A host to which revisions are deployed as the agent of CodeDeploy does, in a scratch root."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import yaml

from support import aws_cli, systemctl

EVENTS = ("ApplicationStop", "BeforeInstall", "AfterInstall", "ApplicationStart", "ValidateService")
APPLICATION, GROUP = "abalone", "abalone-prd"


@dataclass
class Deployment:
    """What became of a deployment: the event that failed, or "", and all that the hooks said."""

    failed_event: str = ""
    log: str = ""


@dataclass
class Host:
    """A host, whose folders are those below `root`; nothing of the agent's environment is the tests' own."""

    root: Path
    settings: dict[str, str] = field(default_factory=dict)
    last_successful: Path | None = None

    @property
    def environment_file(self) -> Path:
        return self.root / "etc" / "abalone" / "environment"

    @property
    def pid(self) -> int | None:
        """The first process of the service, if it runs."""
        record = self.root / "run" / "systemctl" / "abalone"
        return int(record.read_text()) if record.exists() and self.is_active() else None

    def release(self, name: str) -> str:
        """The release that `current` or `validated` is."""
        return (self.root / "opt" / "abalone" / name).readlink().name

    def releases(self) -> list[str]:
        return sorted(path.name for path in (self.root / "opt" / "abalone" / "releases").iterdir())

    def read(self, path: str) -> str:
        """Ask the service, which may still have to start."""
        (port,) = re.findall(r'(?m)^ABALONE_SERVING_PORT="?(\d+)', self.environment_file.read_text())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + 30
        while True:
            try:
                with opener.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                    return answer.read().decode()
            except URLError as error:
                assert time.monotonic() < deadline, f"the service does not answer: {error}"
                time.sleep(0.05)

    def is_active(self) -> bool:
        command = [self.root / "bin" / "systemctl", "is-active", "--quiet", "abalone"]
        return subprocess.run(command, env=self.agent_environment(), check=False).returncode == 0

    def agent_environment(self) -> dict[str, str]:
        for program in (systemctl, aws_cli):
            program.install(self.root / "bin")
        return {
            "PATH": f"{self.root / 'bin'}:/usr/bin:/bin",
            "ABALONE_ROOT": str(self.root),
            "ABALONE_PYTHON": sys.executable,
            # No registry, whatever is set up on this machine.
            "PIP_CONFIG_FILE": os.devnull,
            "no_proxy": "*",
            **self.settings,
        }

    def unpack(self, bundle: Path, deployment: str) -> Path:
        """Unpack a revision where the agent does, and return its folder."""
        archive = self.root / "opt/codedeploy-agent/deployment-root" / GROUP / deployment / "deployment-archive"
        with zipfile.ZipFile(bundle) as file:
            file.extractall(archive)
        return archive

    def deploy(self, archive: Path) -> Deployment:
        """Run every event of a deployment until one fails."""
        done = Deployment()
        for event in EVENTS:
            completed = self.run_event(event, archive)
            done.log += completed.stdout
            if completed.returncode:
                done.failed_event = event
                return done
        self.last_successful = archive
        return done

    def run_event(self, event: str, archive: Path) -> "subprocess.CompletedProcess[str]":
        """Run the hook of an event; the stop is that of the last revision that was deployed."""
        revision = self.last_successful if event == "ApplicationStop" else archive
        if revision is None:
            return subprocess.CompletedProcess([], 0, stdout="")
        (hook,) = yaml.safe_load((revision / "appspec.yml").read_text(encoding="utf-8"))["hooks"][event]
        script = revision / hook["location"]
        script.chmod(0o755)
        variables = {
            "LIFECYCLE_EVENT": event,
            "DEPLOYMENT_ID": archive.parent.name,
            "APPLICATION_NAME": APPLICATION,
            "DEPLOYMENT_GROUP_NAME": GROUP,
        }
        return subprocess.run(
            [script],
            cwd="/",
            env=self.agent_environment() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=hook["timeout"],
            process_group=0,
            check=False,
        )

    def close(self) -> None:
        """End the service, if it still runs."""
        if (pid := self.pid) is not None:
            os.killpg(pid, signal.SIGKILL)
