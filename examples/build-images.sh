#!/bin/sh
# Builds the image of every program of the stories: each Dockerfile says in its first line how.
#
# Usage: examples/build-images.sh REGISTRY [--push]   for example ghcr.io/acme/mlstack
set -eu

registry=${1:?"Usage: $0 REGISTRY [--push], for example ghcr.io/acme/mlstack"}
push=${2:-}
cd "$(dirname "$0")/.."
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)

find examples -name Dockerfile | sort | while read -r file; do
  name=$(sed -n '1s/^# docker build -t \([^ ]*\) .*$/\1/p' "$file")
  image="$registry/$name:$version"
  echo "$image"
  sed -n '1s/^# docker build -t [^ ]* //p' "$file" | xargs docker build --quiet -t "$image"
  if [ "$push" = --push ]; then docker push --quiet "$image"; fi
done
