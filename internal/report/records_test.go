package report

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
)

// TestPackedRecords_AreFoundAsTheyWere packs records of all lengths, and looks for those that are there and those that are
// not.
func TestPackedRecords_AreFoundAsTheyWere(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	want, packed := map[int64]contact.Summary{}, &PackedRecords{}
	for range 30_000 {
		id := random.Int64N(200_000) - 1_000
		if _, found := want[id]; found {
			continue
		}
		one := contact.Summary{ExternalID: "r" + strconv.FormatInt(id, 10), SignificantValue: string(bytes.Repeat([]byte("ż"), random.IntN(1<<random.IntN(10))))}
		want[id] = one
		packed.add(id, []byte(one.ExternalID), []byte(one.SignificantValue))
	}
	packed.endBlock()
	for id := int64(-2_000); id < 202_000; id++ {
		one, there := want[id]
		if got, found := packed.Find(id); found != there || got != one {
			t.Fatalf("record %d is %v (%t), should be %v (%t)", id, got, found, one, there)
		}
	}
	if _, found := (&PackedRecords{}).Find(0); found {
		t.Error("a record was found among none")
	}
}

// TestPackedRecords_StayBelowTheirBound packs more than there is room for, and a record that is larger than a block.
func TestPackedRecords_StayBelowTheirBound(t *testing.T) {
	t.Parallel()
	packed, value := &PackedRecords{}, make([]byte, packedBlock/3)
	packed.add(-1, nil, make([]byte, packedBlock))
	for id := range int64(4 * maxPacked / packedBlock) {
		packed.add(id, nil, value)
	}
	packed.endBlock()
	if size := len(packed.blocks) * packedBlock; size > maxPacked || size < maxPacked*8/10 {
		t.Errorf("%d bytes are taken, of at most %d", size, maxPacked)
	}
	if _, found := packed.Find(-1); found {
		t.Error("a record larger than a block was packed")
	}
	there := 0
	for id := range int64(4 * maxPacked / packedBlock) {
		if one, found := packed.Find(id); found {
			if there++; len(one.SignificantValue) != len(value) {
				t.Errorf("record %d has a value of %d bytes, should be %d", id, len(one.SignificantValue), len(value))
			}
		}
	}
	if there != packed.count || there < 2*len(packed.blocks)-2 {
		t.Errorf("%d records were found of %d, in %d blocks", there, packed.count, len(packed.blocks))
	}
}
