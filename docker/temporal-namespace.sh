#!/bin/sh
# Makes the namespace `default`, unless it is there. Fails until the server serves; compose then tries again.
set -eu

temporal operator cluster health
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 720h
