package directory_test

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/relay"
)

// What exists for somebody follows from the reach; nothing exists for whose reach is empty.
func ExampleDirectory_Visibility() {
	db := bun.NewDB(sql.OpenDB(stdlib.GetConnector(pgx.ConnConfig{})), pgdialect.New())
	things := directory.New(db, relay.NewSigner([]byte("the key of a database, 32 bytes ")), time.Now)
	fmt.Println(things.Visibility(contact.Unlimited.Reach).Nothing(), things.Visibility(contact.Reach{}).Nothing())
	// Output: false true
}
