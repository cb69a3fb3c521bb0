#!/usr/bin/env bash
# Makes the recordings of this directory: a sentence of espeak-ng, written by sox as exchanges write it. Prints what sox decodes
# them to, for the table in golden_test.go. Needs espeak-ng, and sox with libsox-fmt-all.
set -euo pipefail
cd "$(dirname "$0")"
spoken=$(mktemp --suffix .wav) speech=$(mktemp --suffix .wav)
trap 'rm -f "$spoken" "$speech"' EXIT

espeak-ng -v pl+f3 -s 165 -w "$spoken" "Dzień dobry, w czym mogę pomóc?"
sox -D "$spoken" -r 8000 -c 1 -b 16 "$speech" gain -n -3 trim 0.1 1.2
sox -D "$speech" speech.gsm
sox -D "$speech" -t wav -e gsm-full-rate speech-wav49.wav
sox -D "$speech" -e mu-law speech-mulaw.wav
sox -D "$speech" -e a-law speech-alaw.wav
sox -D "$speech" -t amr-nb speech.amr
for file in speech.gsm speech-wav49.wav speech-mulaw.wav speech-alaw.wav; do
  echo "$file $(sox -D "$file" -t raw -e signed -b 16 -L - | sha256sum | cut -d' ' -f1)"
done
