#!/bin/sh
# A command: reads a text and writes JSON. The job's id and attempt are in its environment.
if ! words=$(wc -w); then
  exit 1
fi
if [ "$((words))" -eq 0 ]; then
  echo "attempt $HOLDFAST_ATTEMPT: a text without words is never going to have some" >&2
  exit 110 # gives the job up
fi
echo '{"words":'"$((words))"'}'
