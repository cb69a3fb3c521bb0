#!/usr/bin/env bash
# Speaks texts.txt: espeak-ng says each line in the voice of its speaker, sox writes it as GSM at 8 kHz, as loud as the others.
# The result is ours; it was made once and is committed. Needs espeak-ng and sox.
set -euo pipefail
cd "$(dirname "$0")"
spoken=$(mktemp --suffix .wav)
trap 'rm -f "$spoken"' EXIT
declare -A voices=([agent]="-v pl+f3 -s 165 -p 50" [woman]="-v pl+f4 -s 170 -p 65" [man]="-v pl+m3 -s 160 -p 38")

while read -r name text; do
  mkdir -p "${name%/*}"
  # shellcheck disable=SC2086 # the options of a voice are words
  espeak-ng ${voices[${name%/*}]} -w "$spoken" "$text"
  sox -D "$spoken" -r 8000 -c 1 "$name.gsm" norm -3 silence 1 0.02 0.3% reverse silence 1 0.02 0.3% reverse
done <texts.txt
du -cb ./*/*.gsm | tail -1
