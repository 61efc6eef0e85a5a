#!/usr/bin/env bash
# Makes a release of the revision, beside the others, and the virtual environment of its lock unless that is there.
# ABALONE_PYTHON is the interpreter, python3.11 by default: of the version that the bundle was made with.
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
go_back_on_failure

python=${ABALONE_PYTHON:-python3.11}
lock=$bundle/requirements/serving.txt
command -v "$python" >/dev/null ||
  fail "$python is not on PATH: \`dnf install python3.11\`, or name another one in ABALONE_PYTHON"

mkdir -p "$releases" "$environments"
rm -rf "$partial"

digest=$({ "$python" -VV && cat "$lock"; } | sha256sum | cut -c -16)
if [[ ! -d $environments/$digest ]]; then
  # Only its `bin/python` is used, which works wherever the environment is moved to.
  "$python" -m venv "$partial"
  "$partial/bin/python" -m pip --isolated --disable-pip-version-check install --quiet \
    --no-index --find-links "$bundle/wheels" --require-hashes --requirement "$lock" ||
    fail "the wheels of the bundle do not install: make it with the Python of the hosts, $("$python" -V)"
  mv -T "$partial" "$environments/$digest"
fi

if [[ ! -d $releases/$DEPLOYMENT_ID ]]; then
  mkdir "$partial"
  cp -R "$bundle/code" "$bundle/abalone.service" "$partial/"
  ln -s "../../environments/$digest" "$partial/venv"
  "$environments/$digest/bin/python" -m compileall -q "$partial/code"
  mv -T "$partial" "$releases/$DEPLOYMENT_ID"
fi
