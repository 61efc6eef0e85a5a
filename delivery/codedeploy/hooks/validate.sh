#!/usr/bin/env bash
# Waits until the release answers, checks its answers, and makes it the one to go back to; then removes old releases.
# ABALONE_VALIDATE_SECONDS is how long the service may take to start, 90 by default.
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
go_back_on_failure

readonly kept=3

[[ $(release_named current) == "$DEPLOYMENT_ID" ]] || fail "$DEPLOYMENT_ID is not the current release: run start.sh first"
PYTHONPATH=$base/current/code PYTHONDONTWRITEBYTECODE=1 "$base/current/venv/bin/python" -P \
  "$bundle/hooks/check_service.py" "$configuration" "${ABALONE_VALIDATE_SECONDS:-90}" ||
  fail "release $DEPLOYMENT_ID does not answer as it should: \`journalctl --unit abalone\` says more"
name_release validated "$DEPLOYMENT_ID"

mapfile -t outdated < <(cd "$releases" && find . -mindepth 1 -maxdepth 1 -type d -printf '%T@ %f\n' |
  sort -rn | cut -d ' ' -f 2- | grep -vxF "$DEPLOYMENT_ID" | tail -n "+$kept")
for name in "${outdated[@]}"; do rm -rf "${releases:?}/$name"; done
for environment in "$environments"/*; do
  in_use=$(find "$releases" -maxdepth 2 -name venv -lname "*/${environment##*/}")
  [[ -n $in_use ]] || rm -rf "$environment"
done
