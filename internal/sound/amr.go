package sound

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// The marks of AMR files of one channel, narrow and wide.
var (
	markAMR     = []byte("#!AMR\n")
	markAMRWide = []byte("#!AMR-WB\n")
)

// The lengths of frames by their kind, their first byte included; 0 is no kind.
var (
	framesAMR     = [16]int{13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1}
	framesAMRWide = [16]int{18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1}
)

func isAMR(head []byte) bool {
	return bytes.HasPrefix(head, markAMR) || bytes.HasPrefix(head, markAMRWide)
}

// openAMR reads the file once, since its frames have different lengths, and notes where each second begins.
func openAMR(ctx context.Context, f file) (content, error) {
	if err := needFFmpeg(); err != nil {
		return content{}, err
	}
	mark, lengths, rate := markAMR, &framesAMR, 8_000
	if bytes.HasPrefix(f.head, markAMRWide) {
		mark, lengths, rate = markAMRWide, &framesAMRWide, 16_000
	}
	if f.size > maxIndexed {
		return content{}, ErrUnplayable
	}
	index, frames, err := indexFrames(ctx, f, int64(len(mark)), lengths)
	if err != nil {
		return content{}, err
	}
	t := newTrack(f, external("amr", encoding{rate: rate, channels: 1}, 1, rate/50, mark), 0, 0)
	t.index, t.frames = index, min(frames, maxWaveBytes/int64(t.framePCM()))
	t.samples = t.frames * int64(t.frameSamples)
	return contentOf(t)
}

// maxIndexed is how much is read to find the frames, ten hours at the highest rate.
const maxIndexed = 64 << 20

// indexFrames notes where every indexStep-th frame begins, and where the last whole one ends.
func indexFrames(ctx context.Context, f file, at int64, lengths *[16]int) (index []int64, frames int64, err error) {
	input := bufio.NewReaderSize(&contextReader{ctx: ctx, from: io.NewSectionReader(f.source, at, f.size-at)}, 64<<10)
	for {
		first, err := input.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return append(index, at), frames, nil
			}
			return nil, 0, fmt.Errorf("reading the recording: %w", err)
		}
		length := lengths[first>>3&15]
		if length == 0 {
			return nil, 0, fmt.Errorf("%w: a frame of AMR has no known kind", ErrBroken)
		}
		if at+int64(length) > f.size {
			return append(index, at), frames, nil // the last frame was cut
		}
		if _, err := input.Discard(length - 1); err != nil {
			return nil, 0, fmt.Errorf("reading the recording: %w", err)
		}
		if frames%indexStep == 0 {
			index = append(index, at)
		}
		at += int64(length)
		frames++
	}
}
