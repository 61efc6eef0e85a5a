#!/usr/bin/env bash
# Switches to the release and starts it.
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
go_back_on_failure

[[ -d $releases/$DEPLOYMENT_ID ]] || fail "$releases/$DEPLOYMENT_ID is not there: run install.sh first"
activate "$DEPLOYMENT_ID"
