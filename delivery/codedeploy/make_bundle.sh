#!/usr/bin/env bash
# Makes the revision that CodeDeploy brings to the hosts, the same bytes from the same sources, and prints its digest.
#
#   delivery/codedeploy/make_bundle.sh OUTPUT.zip
#
# It has all that a host needs: the code, the hooks and the wheels, so that no host asks a registry. Run it on the
# architecture of the hosts, with the version of Python that they have: PYTHON, python3.11 by default.
set -euo pipefail
umask 022

# The glibc of Amazon Linux 2023: a wheel for a newer one does not run there.
readonly glibc_minor=34

fail() {
  echo "make_bundle.sh: $*" >&2
  exit 1
}

[[ $# == 1 && $1 == *.zip ]] || fail "usage: make_bundle.sh OUTPUT.zip"
output=$(realpath "$1")
python=$(command -v "${PYTHON:-python3.11}") ||
  fail "${PYTHON:-python3.11} is not on PATH: install it, or name another one in PYTHON"
python=$(realpath --no-symlinks "$python")
cd "$(dirname "$0")/../.."

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT

platforms=()
for ((minor = glibc_minor; minor >= 5; minor--)); do platforms+=(--platform "manylinux_2_${minor}_$(uname -m)"); done
"$python" -m pip --disable-pip-version-check download --quiet --dest "$staging/wheels" --only-binary :all: \
  "${platforms[@]}" --platform "manylinux2014_$(uname -m)" --require-hashes --requirement requirements/serving.txt

mkdir -p "$staging/requirements" "$staging/code/abalone/model"
cp requirements/serving.txt "$staging/requirements/"
cp -R delivery/codedeploy/{appspec.yml,abalone.service,hooks} "$staging/"
# What the image has, too.
cp src/abalone/{__init__,errors,schema}.py "$staging/code/abalone/"
cp src/abalone/model/{__init__,artifact}.py "$staging/code/abalone/model/"
cp -R src/abalone/serving "$staging/code/abalone/"

# Caches, modes and times would make other bytes of the same sources.
find "$staging" -name __pycache__ -prune -exec rm -rf {} +
chmod -R u=rwX,go=rX "$staging"
find "$staging" -exec touch --date 1980-01-01T00:00:00Z {} +
rm -f "$output"
TZ=UTC "$python" -m zipfile -c "$output" "$staging"/{appspec.yml,abalone.service,code,hooks,requirements,wheels}
sha256sum "$output"
