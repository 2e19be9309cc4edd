#!/bin/sh
# Packages a trained model into the library; nothing comes out where a test or the comparison with the model fails.
#   package.sh TRIAL REVISION OUTPUT
# TRIAL is what the training step wrote, REVISION the version of the library, OUTPUT the folder that the jar goes into.
set -eu
trial=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mvn --offline --batch-mode --quiet -f "$(dirname "$0")/pom.xml" \
  -Dbuild="$work" -Dtrial="$trial" -Drevision="$2" verify
mkdir -p "$3"
cp "$work/scoring-library.jar" "$3/"
