package ingest

import (
	"hash/fnv"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Writers of different contacts pass one another. A contact and a client's record each have a lock by their key, and a
// lock of a bucket, one of so many, of which they are numbered together, contacts first. Who writes few takes the locks of
// their keys, and shares those of their buckets; who writes many takes the buckets for itself, as the locks of a server are
// bounded.
const (
	contactBuckets = 64
	recordBuckets  = 256
	// maxKeyLocks is for how many keys at most each lock is taken.
	maxKeyLocks = 512
)

// The locks of a transaction, in the order in which every writer takes them, so that no two wait for each other in a
// circle. Each is held until the transaction ends.
//
// The first is shared by all writers but those that are to be alone: strict imports, which go back to the others with
// every chunk, and processes of earlier versions, which know no other lock.
const (
	lockBesideOthers = "SELECT pg_advisory_xact_lock_shared(hashtext('contacts are written'))"
	lockAlone        = "SELECT pg_advisory_xact_lock(hashtext('contacts are written'))"
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

// queueLocks queues the locks of contacts and records by their keys.
func queueLocks(batch *pgx.Batch, contacts, records []string) {
	batch.Queue(lockBesideOthers)
	buckets := bucketsOf(contacts, records)
	switch {
	case len(buckets) == 0:
	case len(contacts)+len(records) > maxKeyLocks:
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
	for _, key := range contacts {
		buckets = append(buckets, int32(hashOf(key)%contactBuckets))
	}
	for _, key := range records {
		buckets = append(buckets, int32(contactBuckets+hashOf(key)%recordBuckets))
	}
	slices.Sort(buckets)
	return slices.Compact(buckets)
}

// hashesOf are the hashes of keys as numbers of locks, in ascending order.
func hashesOf(keys []string) []int32 {
	hashes := make([]int32, len(keys))
	for i, key := range keys {
		hashes[i] = int32(hashOf(key))
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

func hashOf(key string) uint32 {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(key)) // it never fails
	return hash.Sum32()
}
