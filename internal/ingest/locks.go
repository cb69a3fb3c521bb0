package ingest

import (
	"hash/fnv"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Writers of different contacts pass one another: a contact and a client's record each have a lock by their key, one of so
// many. They are numbered together, contacts first.
const (
	contactLocks = 64
	recordLocks  = 256
)

// The locks of a transaction, in the order in which every writer takes them, so that no two wait for each other in a
// circle. Each is held until the transaction ends.
//
// The first is shared by all writers but those that are to be alone: strict imports, which go back to the others with
// every chunk, and processes of earlier versions, which know no other lock.
const (
	lockBesideOthers = "SELECT pg_advisory_xact_lock_shared(hashtext('contacts are written'))"
	lockAlone        = "SELECT pg_advisory_xact_lock(hashtext('contacts are written'))"
	// lockKeys takes locks in the order given.
	lockKeys = "SELECT count(pg_advisory_xact_lock(hashtext('contacts are written'), n)) FROM unnest($1::int[]) n"
	// lockThings is for those alone that write small things.
	lockThings = "SELECT pg_advisory_xact_lock(hashtext('things are written'))"
	// A lock of partitions follows (ensure_contact_partitions), then that of ties (directory.Ties).
)

// keyWaited says whether a writer waits for a lock that this session has.
const keyWaited = `SELECT EXISTS (SELECT FROM pg_locks w WHERE w.locktype = 'advisory' AND NOT w.granted
	AND pg_backend_pid() = ANY (pg_blocking_pids(w.pid)))`

// queueLocks queues the locks of contacts and records by their keys.
func queueLocks(batch *pgx.Batch, contacts, records []string) {
	batch.Queue(lockBesideOthers)
	if numbers := lockNumbers(contacts, records); numbers != nil {
		batch.Queue(lockKeys, numbers)
	}
}

// lockNumbers are the locks of contacts and records, in ascending order.
func lockNumbers(contacts, records []string) []int32 {
	var numbers []int32
	for _, key := range contacts {
		numbers = append(numbers, lockOf(key, contactLocks))
	}
	for _, key := range records {
		numbers = append(numbers, contactLocks+lockOf(key, recordLocks))
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

func lockOf(key string, locks uint32) int32 {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(key)) // it never fails
	return int32(hash.Sum32() % locks)
}
