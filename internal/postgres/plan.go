package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/kontakty/kontakty/migrations"
)

// PlannedStep is a step that a database lacks, with what it is going to do.
type PlannedStep struct {
	// Name is the step's.
	Name string
	// Transaction says that its statements are one transaction, so that locks are held to its end.
	Transaction bool
	// Compatible says that the program that was written before it can go on serving.
	Compatible bool
	// Statements are what it executes; nil for steps of River, which has them in itself.
	Statements []PlannedStatement
}

// PlannedStatement is one statement of a step to come.
type PlannedStatement struct {
	// SQL is the statement; {child} stands for each of Partitions.
	SQL string
	// Partitions are those for each of which it is executed, where it is about partitions.
	Partitions []string
	// EachPartition says that it is about partitions, of which there may be none yet.
	EachPartition bool
	// Locks are the locks that it takes on tables and indexes that exist, and who waits for them, in words.
	Locks []string
}

// Plan says what Up is going to do. It reads only, and waits for nobody.
func (m *Migrator) Plan(ctx context.Context) ([]PlannedStep, error) {
	steps, err := m.Status(ctx)
	if err != nil {
		return nil, err
	}
	var planned []PlannedStep
	for _, one := range steps {
		switch {
		case one.Applied:
		case strings.HasPrefix(one.Name, riverPrefix):
			planned = append(planned, PlannedStep{Name: one.Name})
		default:
			step, err := m.plan(ctx, one.Name)
			if err != nil {
				return nil, err
			}
			planned = append(planned, step)
		}
	}
	return planned, nil
}

func (m *Migrator) plan(ctx context.Context, name string) (PlannedStep, error) {
	step, err := migrations.Read(m.files, name, "up")
	if err != nil {
		return PlannedStep{}, err
	}
	planned := PlannedStep{Name: name, Transaction: step.Transaction, Compatible: step.Compatible}
	for _, statement := range step.Statements {
		one := PlannedStatement{SQL: statement.SQL, EachPartition: statement.Parent != ""}
		if one.EachPartition {
			if one.Partitions, err = partitionsOf(ctx, m.pool, statement); err != nil && !hasCode(err, undefinedTable) {
				return PlannedStep{}, err
			}
		}
		for _, lock := range statement.Locks() {
			one.Locks = append(one.Locks, fmt.Sprintf("%s: %s, %s", lock.Relation, lock.Mode, lock.Mode.Waiting()))
		}
		if statement.Opaque() {
			one.Locks = append(one.Locks, "what its body takes")
		}
		planned.Statements = append(planned.Statements, one)
	}
	return planned, nil
}
