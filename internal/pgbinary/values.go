package pgbinary

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// epoch is the instant that PostgreSQL counts its microseconds from, in those of Unix.
var epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// Integer reads a value of type int or bigint.
func Integer(value []byte) (int64, error) {
	switch len(value) {
	case 8:
		return int64(binary.BigEndian.Uint64(value)), nil
	case 4:
		return int64(int32(binary.BigEndian.Uint32(value))), nil
	default:
		return 0, fmt.Errorf("an integer of %d bytes", len(value))
	}
}

// Time reads a value of type timestamptz.
func Time(value []byte) (time.Time, error) {
	if len(value) != 8 {
		return time.Time{}, fmt.Errorf("a time of %d bytes", len(value))
	}
	return time.UnixMicro(int64(binary.BigEndian.Uint64(value)) + epoch).UTC(), nil
}

// Texts reads a value of type text[] without nulls: a count of dimensions, a flag, the elements' type, and for each
// dimension its length and first index; then the elements, each behind its length.
func Texts(value []byte) ([]string, error) {
	const head, dimension = 12, 8
	if len(value) == head && binary.BigEndian.Uint32(value) == 0 {
		return []string{}, nil
	}
	if len(value) < head+dimension || binary.BigEndian.Uint32(value) != 1 {
		return nil, errors.New("a list of texts that is no list")
	}
	texts := make([]string, 0, 4)
	for rest, left := value[head+dimension:], binary.BigEndian.Uint32(value[head:]); left > 0; left-- {
		if len(rest) < 4 || int32(binary.BigEndian.Uint32(rest)) < 0 || len(rest)-4 < int(binary.BigEndian.Uint32(rest)) {
			return nil, errors.New("a list of texts that is cut short")
		}
		length := int(binary.BigEndian.Uint32(rest))
		texts, rest = append(texts, string(rest[4:4+length])), rest[4+length:]
	}
	return texts, nil
}
