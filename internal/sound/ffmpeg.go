package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// findFFmpeg is where ffmpeg is, looked for once.
var findFFmpeg = sync.OnceValues(func() (string, error) { return exec.LookPath("ffmpeg") })

// needFFmpeg fails where ffmpeg is not installed. Errors: ErrNeedsFFmpeg.
func needFFmpeg() error {
	if _, err := findFFmpeg(); err != nil {
		return ErrNeedsFFmpeg
	}
	return nil
}

// How long a process may run, and how many run at once: those that decode half a minute for a listener, and those that read a
// whole recording for its picture.
const (
	maxChunkTime = 20 * time.Second
	maxWholeTime = 2 * time.Minute
)

var (
	chunkSlots = make(chan struct{}, max(2, runtime.NumCPU()))
	wholeSlots = make(chan struct{}, 1)
)

// conversion is one run of ffmpeg: from some input to 16-bit samples.
type conversion struct {
	format         string // of the input, as ffmpeg calls it; empty: it finds out
	rate, channels int    // of the samples
	slots          chan struct{}
	maxTime        time.Duration
}

// run converts until the input ends or the output has enough. It returns when the process has ended. Errors: ErrNeedsFFmpeg,
// that of the context, or that nothing could be made of the input.
func (c conversion) run(ctx context.Context, input io.Reader, output io.Writer) error {
	program, err := findFFmpeg()
	if err != nil {
		return ErrNeedsFFmpeg
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	limited, cancel := context.WithTimeout(ctx, c.maxTime)
	defer cancel()
	counted := &counter{to: output}
	command := exec.CommandContext(limited, program, c.arguments()...)
	command.Env = []string{} // it needs none, and gets no secret of ours
	command.Stdin, command.Stdout = &contextReader{ctx: limited, from: input}, counted
	command.WaitDelay = time.Second
	_ = command.Run() // what was decoded before a broken frame is what there is
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return fmt.Errorf("decoding the recording: %w", limited.Err())
	case counted.written == 0:
		return fmt.Errorf("%w: nothing of it can be decoded", ErrBroken)
	default:
		return nil
	}
}

// arguments let ffmpeg read its standard input and nothing else, whatever the input refers to.
func (c conversion) arguments() []string {
	arguments := []string{"-nostdin", "-hide_banner", "-loglevel", "quiet", "-threads", "1", "-protocol_whitelist", "pipe"}
	if c.format != "" {
		arguments = append(arguments, "-f", c.format)
	}
	return append(arguments, "-i", "pipe:0", "-map", "0:a:0", "-c:a", "pcm_s16le",
		"-ac", strconv.Itoa(c.channels), "-ar", strconv.Itoa(c.rate), "-f", "s16le", "pipe:1")
}

// errEnough stops a process whose output nobody needs any more.
var errEnough = errors.New("there is enough")

type counter struct {
	to      io.Writer
	written int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.written += int64(n)
	return n, err
}

// filler fills a buffer, and has enough when it is full.
type filler struct{ rest []byte }

func (f *filler) Write(p []byte) (int, error) {
	n := copy(f.rest, p)
	f.rest = f.rest[n:]
	if n < len(p) {
		return n, errEnough
	}
	return n, nil
}

type contextReader struct {
	ctx  context.Context
	from io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}

// chunkSeconds is how much one process decodes for a listener: long enough that starting it does not count, short enough that
// what was not listened to is not decoded.
const chunkSeconds = 30

// external is the codec of frames that ffmpeg decodes, of all channels together. The prefix is what stands before the frames.
func external(format string, e encoding, frameBytes, frameSamples int, prefix []byte) encoding {
	aSecond := max(e.rate/frameSamples, 1)
	e.codec = codec{
		frameBytes: frameBytes, frameSamples: frameSamples, chunk: chunkSeconds * aSecond, warmUp: aSecond,
		decode: func(ctx context.Context, pcm, frames []byte) error {
			c := conversion{format: format, rate: e.rate, channels: e.channels, slots: chunkSlots, maxTime: maxChunkTime}
			return c.run(ctx, io.MultiReader(bytes.NewReader(prefix), bytes.NewReader(frames)), &filler{pcm})
		},
	}
	return e
}
