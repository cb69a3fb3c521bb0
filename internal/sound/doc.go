// Package sound tells what a recording is from its bytes, and gives it in a form that browsers play.
//
// What must hold:
//
//   - The type comes from the bytes; a name is looked at only for the raw formats that have no mark of their own.
//   - What browsers play is given as it is. What they do not play becomes a WAV file with PCM samples on the way: nothing is
//     stored, its length is known before anything is decoded, and a read in the middle decodes from there. The bytes are the
//     same wherever a read begins.
//   - A recording that was cut plays as far as it goes. Bytes of a stranger never make it panic, nor take memory without bound.
//   - What needs a program, ffmpeg, runs it without a shell, on standard input and output, a bounded number at once, each for a
//     bounded time; it is killed and waited for when its reader's context ends.
//   - The package knows no database and no HTTP, and logs nothing.
package sound
