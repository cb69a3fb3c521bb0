package report

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// A file shows of every contact what record it is about. Asked for by the batch, records cost PostgreSQL twice as much as
// the contacts: it looks for each by itself, all over a table that is larger than the cache. Joined once, beforehand, they
// cost it one pass over that table, or one look for each where there are few.

// maxPacked bounds the memory that packed records take, in bytes.
const maxPacked = 24 << 20

// packedBlock is the memory that packed records take at a time.
const packedBlock = 1 << 20

// PackedRecords are records by our own numbers, packed so that half a million of them take some 20 MiB, with nothing that
// the garbage collector has to follow.
type PackedRecords struct {
	// places are where the records with the numbers that hash to a slot, or that found no place in one before, begin: the
	// block in the upper bits, one more than the place in it in the lower ones. 0 is none.
	places []uint32
	blocks []string
	count  int
	filled strings.Builder
}

// RecordsOf finds the records that the contacts which meet the criteria point at. As many as there is room for are in the
// answer; Records gives the others.
func (s *Snapshot) RecordsOf(ctx context.Context, c Criteria) (*PackedRecords, error) {
	packed := &PackedRecords{}
	if c.nothing() {
		return packed, nil
	}
	err := eachRow(ctx, pgx.QueryExecModeDescribeExec, s.connection, func(values [][]byte) error {
		id, err := pgbinary.Integer(values[0])
		if err == nil {
			packed.add(id, values[1], values[2])
		}
		return err
	}, c.query().Records())
	if err != nil {
		return nil, fmt.Errorf("finding the records of contacts: %w", err)
	}
	packed.endBlock()
	return packed, nil
}

// add takes a record, unless there is no room for it. A record is its number, then its external id and its value, each
// with its length before it.
func (p *PackedRecords) add(id int64, externalID, value []byte) {
	size := 8 + 2*binary.MaxVarintLen64 + len(externalID) + len(value)
	if p.filled.Len()+size > packedBlock {
		if size > packedBlock || (len(p.blocks)+2)*packedBlock > maxPacked {
			return
		}
		p.endBlock()
	}
	if p.filled.Cap() == 0 {
		p.filled.Grow(packedBlock)
	}
	if 4*p.count >= 3*len(p.places) {
		p.widen()
	}
	place := uint32(len(p.blocks)*packedBlock + p.filled.Len() + 1)
	var head [8 + binary.MaxVarintLen64]byte
	binary.LittleEndian.PutUint64(head[:], uint64(id))
	p.filled.Write(head[:8+binary.PutUvarint(head[8:], uint64(len(externalID)))])
	p.filled.Write(externalID)
	p.filled.Write(head[:binary.PutUvarint(head[:], uint64(len(value)))])
	p.filled.Write(value)
	p.put(id, place)
	p.count++
}

// endBlock makes the block that is filled one of those that are read.
func (p *PackedRecords) endBlock() {
	if p.filled.Len() > 0 {
		p.blocks = append(p.blocks, p.filled.String())
		p.filled = strings.Builder{}
	}
}

// widen doubles the slots.
func (p *PackedRecords) widen() {
	before := p.places
	p.places = make([]uint32, max(1<<10, 2*len(before)))
	for _, place := range before {
		if place != 0 {
			p.put(numberAt(p.at(place)), place)
		}
	}
}

// put notes in the first free slot where a record begins.
func (p *PackedRecords) put(id int64, place uint32) {
	slot := p.slot(id)
	for p.places[slot] != 0 {
		slot = (slot + 1) % len(p.places)
	}
	p.places[slot] = place
}

// slot is where the search for a number begins. The numbers are spread as Fibonacci hashing does it.
func (p *PackedRecords) slot(id int64) int {
	return int(uint64(id) * 0x9E3779B97F4A7C15 >> 32 % uint64(len(p.places)))
}

// at is what begins at a place.
func (p *PackedRecords) at(place uint32) string {
	block, offset := int(place-1)/packedBlock, int(place-1)%packedBlock
	if block == len(p.blocks) {
		return p.filled.String()[offset:]
	}
	return p.blocks[block][offset:]
}

// Find gives a record; false if it is not among these.
func (p *PackedRecords) Find(id int64) (contact.Summary, bool) {
	if len(p.places) == 0 {
		return contact.Summary{}, false
	}
	for slot := p.slot(id); p.places[slot] != 0; slot = (slot + 1) % len(p.places) {
		if packed := p.at(p.places[slot]); numberAt(packed) == id {
			externalID, rest := textAt(packed[8:])
			value, _ := textAt(rest)
			return contact.Summary{ExternalID: externalID, SignificantValue: value}, true
		}
	}
	return contact.Summary{}, false
}

func numberAt(packed string) int64 {
	var number uint64
	for i := range 8 {
		number |= uint64(packed[i]) << (8 * i)
	}
	return int64(number)
}

// textAt is a text behind its length, and what follows it.
func textAt(packed string) (text, rest string) {
	length, shift, i := 0, 0, 0
	for ; packed[i] >= 0x80; i++ {
		length |= int(packed[i]&0x7F) << shift
		shift += 7
	}
	length |= int(packed[i]) << shift
	return packed[i+1 : i+1+length], packed[i+1+length:]
}
