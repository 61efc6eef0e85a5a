#!/usr/bin/env bash
# Pushes the image of one target of the Dockerfile, unless the repository has it already, and prints it by digest.
#
#   delivery/push_image.sh TARGET REPOSITORY COMMIT
#
# TARGET is `job` or `serve`, REPOSITORY a repository of ECR as <account>.dkr.ecr.<region>.amazonaws.com/<name>, COMMIT
# what is checked out. The tag is the commit, and says what is inside: an image that is there is never built again, and
# in a git checkout COMMIT has to be HEAD, with no tracked file changed. A folder without .git, such as a source of
# CodePipeline, is taken at its word.
# PYTHON_DIGEST, when set, pins the base image. Needs Docker, and an AWS identity that may push.
set -euo pipefail

fail() {
  echo "push_image.sh: $*" >&2
  exit 1
}

(($# == 3)) || fail "usage: push_image.sh TARGET REPOSITORY COMMIT"
target=$1 repository=$2 commit=$3

[[ $repository =~ ^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?/(.+)$ ]] ||
  fail "'$repository' is no repository of ECR: give <account>.dkr.ecr.<region>.amazonaws.com/<name>"
account=${BASH_REMATCH[1]} region=${BASH_REMATCH[2]} name=${BASH_REMATCH[4]}
[[ $commit =~ ^[0-9a-f]{40}$ ]] || fail "'$commit' is no commit: give its 40 digits, as \`git rev-parse HEAD\` does"

if [[ -e .git ]]; then
  head=$(git rev-parse HEAD)
  [[ $head == "$commit" ]] || fail "$head is checked out and not $commit: run \`git checkout $commit\` first"
  changed=$(git diff --name-only HEAD)
  [[ -z $changed ]] || fail "the image would not be that of $commit: commit or stash ${changed//$'\n'/, }"
fi

# The digest of the image in the repository; "None" when there is none. Anything else that goes wrong is an error.
stored_digest() {
  aws ecr batch-get-image --region "$region" --registry-id "$account" --repository-name "$name" \
    --image-ids "imageTag=$commit" --query 'images[0].imageId.imageDigest' --output text
}

digest=$(stored_digest)
if [[ $digest == None ]]; then
  aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "${repository%%/*}" >&2
  # SageMaker takes single images, and refuses the index that attestations would make of one.
  docker build --target "$target" --tag "$repository:$commit" --platform linux/amd64 --provenance=false --sbom=false \
    --build-arg "GIT_COMMIT=$commit" ${PYTHON_DIGEST:+--build-arg "PYTHON_DIGEST=$PYTHON_DIGEST"} . >&2
  docker push "$repository:$commit" >&2
  digest=$(stored_digest)
fi
[[ $digest == sha256:* ]] || fail "$repository has no image $commit after the push: it has '$digest'"
echo "$repository@$digest"
