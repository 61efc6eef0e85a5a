#!/usr/bin/env bash
# Stops the service; systemd waits until it has answered what it accepted. It stays enabled, and so survives a reboot.
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [[ -e $unit ]]; then systemctl stop abalone; fi
