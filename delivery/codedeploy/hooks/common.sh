# shellcheck shell=bash disable=SC2034 # the hooks read what is set here
# What the hooks share: where things are on a host, and the way from one release to another.
#
#   /opt/abalone/releases/<deployment>/   code/, abalone.service, environment (where settings come from SSM),
#                                         venv -> the virtual environment of its lock
#   /opt/abalone/environments/<digest>/   one for each lock, so that a release with the same one installs nothing
#   /opt/abalone/current, validated       the release that runs, and the last one that answered as it should
#
# Every path is below ABALONE_ROOT, which is empty on a host.
set -euo pipefail
umask 022

readonly root=${ABALONE_ROOT:-}
readonly base=$root/opt/abalone
readonly unit=$root/etc/systemd/system/abalone.service
readonly releases=$base/releases environments=$base/environments
# What is being made; it gets its name when it is whole, and goes with the hook that does not finish it.
readonly partial=$base/.partial
readonly configuration=$root/etc/abalone/environment
bundle=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly bundle

say() { echo "${0##*/}: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

# The name of the release that `current` or `validated` is; nothing when there is none.
release_named() {
  if [[ -L $base/$1 ]]; then basename "$(readlink "$base/$1")"; fi
}

# Makes `current` or `validated` another release, in one step.
name_release() {
  ln -sfn "releases/$2" "$base/.$1"
  mv -T "$base/.$1" "$base/$1"
}

# Switches to a release, with its settings and its unit, and starts it.
activate() {
  local release=$releases/$1
  if [[ -f $release/environment ]]; then install -D -m 0640 "$release/environment" "$configuration"; fi
  install -D -m 0644 "$release/abalone.service" "$unit"
  name_release current "$1"
  systemctl daemon-reload
  systemctl enable --quiet abalone
  systemctl restart abalone
}

# Leaves a host with a service that was validated, or with none.
go_back() {
  local validated
  validated=$(release_named validated)
  if [[ -n $validated && $validated != "$DEPLOYMENT_ID" ]]; then
    say "going back to release $validated"
    activate "$validated"
  elif [[ -e $unit ]]; then
    say "there is no release to go back to: stopping the service"
    systemctl stop abalone
  fi
}

# To be called by each hook that can leave a host without a service.
go_back_on_failure() {
  [[ ${DEPLOYMENT_ID:-} =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] ||
    fail "DEPLOYMENT_ID is '${DEPLOYMENT_ID:-}': run by CodeDeploy, which sets it, or give a name for the release"
  trap on_exit EXIT
}

on_exit() {
  local status=$?
  trap - EXIT
  rm -rf "$partial"
  if ((status != 0)); then go_back; fi
  exit "$status"
}
