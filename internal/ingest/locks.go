package ingest

import (
	"hash/fnv"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Writers of different contacts pass one another. A contact and a client's record each have a lock by their external id,
// and a lock of a bucket, one of so many, of which they are numbered together, contacts first. Who writes few takes the locks
// of their ids, and shares those of their buckets; who writes many takes the buckets for itself, as the locks of a server
// are bounded.
const (
	contactBuckets = 64
	recordBuckets  = 256
	// maxSingleLocks is for how many contacts and records at most each lock is taken.
	maxSingleLocks = 512
)

// The locks of a transaction, in the order in which every writer takes them, so that no two wait for each other in a
// circle. Each is held until the transaction ends.
//
// The first is shared by all writers but those that are to be alone: strict imports, which go back to the others with
// every chunk, and processes of earlier versions, which know no other lock.
const (
	lockBesideOthers = "SELECT pg_advisory_xact_lock_shared(hashtext('contacts are written'))"
	// LockAlone waits until nobody writes contacts, and has others wait.
	LockAlone = "SELECT pg_advisory_xact_lock(hashtext('contacts are written'))"
	// These take locks in the order given.
	lockBuckets  = "SELECT count(pg_advisory_xact_lock(hashtext('contacts are written'), n)) FROM unnest($1::int[]) n"
	shareBuckets = "SELECT count(pg_advisory_xact_lock_shared(hashtext('contacts are written'), n)) FROM unnest($1::int[]) n"
	lockContacts = "SELECT count(pg_advisory_xact_lock(hashtext('a contact is written'), n)) FROM unnest($1::int[]) n"
	lockRecords  = "SELECT count(pg_advisory_xact_lock(hashtext('a record is written'), n)) FROM unnest($1::int[]) n"
	// lockThings is for those alone that write small things.
	lockThings = "SELECT pg_advisory_xact_lock(hashtext('things are written'))"
	// A lock of partitions follows (ensure_contact_partitions), then that of ties (directory.Ties).
)

// othersWrite says whether another session writes contacts, or waits to.
const othersWrite = `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
	AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND objsubid = 1 AND objid = (hashtext('contacts are written')::bigint & 4294967295)::oid)`

// queueLocks queues the locks of contacts and records by their external ids.
func queueLocks(batch *pgx.Batch, contacts, records []string) {
	batch.Queue(lockBesideOthers)
	buckets := bucketsOf(contacts, records)
	switch {
	case len(buckets) == 0:
	case len(contacts)+len(records) > maxSingleLocks:
		batch.Queue(lockBuckets, buckets)
	default:
		batch.Queue(shareBuckets, buckets)
		if len(contacts) > 0 {
			batch.Queue(lockContacts, hashesOf(contacts))
		}
		if len(records) > 0 {
			batch.Queue(lockRecords, hashesOf(records))
		}
	}
}

// bucketsOf are the buckets of contacts and records, in ascending order.
func bucketsOf(contacts, records []string) []int32 {
	var buckets []int32
	for _, externalID := range contacts {
		buckets = append(buckets, int32(hashOf(externalID)%contactBuckets))
	}
	for _, externalID := range records {
		buckets = append(buckets, int32(contactBuckets+hashOf(externalID)%recordBuckets))
	}
	slices.Sort(buckets)
	return slices.Compact(buckets)
}

// hashesOf are the hashes of external ids as numbers of locks, in ascending order.
func hashesOf(externalIDs []string) []int32 {
	hashes := make([]int32, len(externalIDs))
	for i, externalID := range externalIDs {
		hashes[i] = int32(hashOf(externalID))
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

func hashOf(externalID string) uint32 {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(externalID)) // it never fails
	return hash.Sum32()
}
