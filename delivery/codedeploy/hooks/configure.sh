#!/usr/bin/env bash
# Writes the settings of the release. /etc/abalone/parameter-path, where there is one, names a path of SSM, such as
# /abalone/prd/serving: each parameter below it is a setting, `model` is ABALONE_SERVING_MODEL. Without that file,
# /etc/abalone/environment is the operator's own and stays as it is.
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
go_back_on_failure

path_file=$root/etc/abalone/parameter-path
if [[ ! -f $path_file ]]; then
  [[ -f $configuration ]] ||
    fail "there are no settings: write $configuration, or the path of its parameters in SSM to $path_file"
  chmod 0640 "$configuration"
  exit 0
fi

path=$(tr -d '[:space:]' <"$path_file")
parameters=$(aws ssm get-parameters-by-path --path "$path" --query 'Parameters[].[Type,ARN,Value]' --output text) ||
  fail "the parameters below $path cannot be read: check $path_file, the region and the role of the host"
[[ -n $parameters ]] || fail "there are no parameters below $path: check $path_file"

umask 027
: >"$partial"
while IFS=$'\t' read -r type arn value; do
  [[ $arn =~ ^arn:[a-z-]+:ssm:([a-z0-9-]+):[0-9]+:parameter/.*/([a-z_]+)$ ]] ||
    fail "'$type $arn' is no setting on one line: name the parameters below $path as settings, in lower case"
  region=${BASH_REMATCH[1]} name=${BASH_REMATCH[2]}
  [[ $type != SecureString ]] ||
    fail "$path/$name is secret, and would be in a file: let api_key_parameter name it, outside of $path"
  value=${value//\\/\\\\}
  echo "ABALONE_SERVING_${name^^}=\"${value//\"/\\\"}\"" >>"$partial"
done <<<"$parameters"
# boto3 does not find out for itself.
echo "AWS_REGION=\"$region\"" >>"$partial"
mv "$partial" "$releases/$DEPLOYMENT_ID/environment"
