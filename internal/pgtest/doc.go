// Package pgtest gives every test a migrated PostgreSQL database of its own.
//
// A package whose tests need one has this TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// and each test begins with pgtest.New. The first call in a test process starts a private server, which takes about a
// second; after that a database is a copy of a migrated template and takes some 20 ms. The server and its files are
// gone when the process ends, whichever way it ends: a process of their own watches over them.
//
// NewPair makes two more servers for a test that needs a standby, to promote it, and to stop, kill or freeze the primary.
//
// With KONTAKTY_TEST_DATABASE_URL set, the databases are made on that server instead; its role must be allowed to
// create databases.
package pgtest
