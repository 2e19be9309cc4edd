#!/bin/bash
# Java of PyPI has no module of vectors, which Spark asks for at every start and which submitting does not need.
exec /opt/java/openjdk/bin/java "${@/#--add-modules=jdk.incubator.vector/-Dmlstack.vectors=none}"
