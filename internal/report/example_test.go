package report_test

import (
	"context"
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
	"github.com/kontakty/kontakty/internal/report"
)

// Criteria mean the same contacts whenever they are read: a preset has become dates. A filter that names nothing by its id
// asks the database nothing.
func ExampleReader_Resolve() {
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		fmt.Println(err)
		return
	}
	db := bun.NewDB(sql.OpenDB(stdlib.GetConnector(pgx.ConnConfig{})), pgdialect.New())
	signer := relay.NewSigner([]byte("the key of a database, 32 bytes "))
	store := report.NewStore(db, directory.New(db, signer, time.Now), signer, report.Config{
		Zone: warsaw, Now: func() time.Time { return time.Date(2024, 3, 5, 23, 30, 0, 0, time.UTC) },
	})
	preset := contact.Yesterday
	criteria, err := store.For(contact.Unlimited).Resolve(context.Background(), contact.Filter{Period: contact.Period{Preset: &preset}})
	fmt.Println(criteria.Period().From, criteria.Period().To, criteria.Period().TimeZone, err)
	// Output: 2024-03-05 2024-03-05 Europe/Warsaw <nil>
}
