// Package gsm decodes the full-rate speech of GSM 06.10 (ETSI EN 300 961), which telephone exchanges write as .gsm and as the
// WAV files of format 0x31 ("WAV49").
//
// What must hold:
//
//   - Samples are those of the standard's fixed-point arithmetic, bit for bit, so that they equal those of any other decoder.
//   - Every sequence of bytes decodes to some sound: there is no frame that fails.
//   - A decoder that begins in the middle agrees with one that began at the start after a second of frames at most.
package gsm
