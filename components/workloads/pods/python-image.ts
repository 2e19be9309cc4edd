/** Image that has Python and nothing else, for programs that are mounted. */
export const PYTHON_IMAGE = "docker.io/library/python:3.13.7-slim";
