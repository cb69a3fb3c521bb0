#!/usr/bin/env bash
# Makes the recordings of this directory: a sentence of espeak-ng, written by sox as exchanges write it, and a rising tone. Prints what sox decodes
# them to, for the table in golden_test.go. Needs espeak-ng, ffmpeg, and sox with libsox-fmt-all.
set -euo pipefail
cd "$(dirname "$0")"
spoken=$(mktemp --suffix .wav) speech=$(mktemp --suffix .wav)
trap 'rm -f "$spoken" "$speech"' EXIT

espeak-ng -v pl+f3 -s 165 -w "$spoken" "Dzień dobry, w czym mogę pomóc?"
sox -D "$spoken" -r 8000 -c 1 -b 16 "$speech" gain -n -3 trim 0.1 1.2
sox -D "$speech" speech.gsm
sox -D -n -r 8000 -c 1 -b 16 tone.gsm synth 13 sine 300-1200
sox -D "$speech" -t wav -e gsm-full-rate speech-wav49.wav
sox -D "$speech" -e mu-law speech-mulaw.wav
sox -D "$speech" -e a-law speech-alaw.wav
sox -D "$speech" -t amr-nb speech.amr
encode() { ffmpeg -loglevel error -y -i "$speech" -fflags +bitexact -flags:a +bitexact -map_metadata -1 "$@"; }
encode -b:a 16k speech.mp3
encode -c:a libvorbis speech-vorbis.ogg
encode -c:a libopus -b:a 12k -f ogg speech-opus.ogg
encode -b:a 12k speech.m4a
encode -c:a libopus -b:a 12k speech.webm
encode -t 0.2 speech.flac
encode -b:a 12k speech.aac
for file in speech.gsm speech-wav49.wav speech-mulaw.wav speech-alaw.wav; do
  echo "$file $(sox -D "$file" -t raw -e signed -b 16 -L - | sha256sum | cut -d' ' -f1)"
done
