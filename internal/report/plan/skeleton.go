package plan

import (
	"embed"
	"strings"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// The skeletons of statements and of their parts, as their files name them.
var (
	rowsSkeleton        = skeletonOf("rows")
	pageSkeleton        = skeletonOf("page")
	probeSkeleton       = skeletonOf("probe")
	mergeSkeleton       = skeletonOf("merge")
	nearSkeleton        = skeletonOf("near")
	untilFullSkeleton   = skeletonOf("until_full")
	leastSkeleton       = skeletonOf("least")
	latestSkeleton      = skeletonOf("latest")
	byValueSkeleton     = skeletonOf("by_value")
	monthSkeleton       = skeletonOf("month")
	scanSkeleton        = skeletonOf("scan")
	countSkeleton       = skeletonOf("count")
	countValuesSkeleton = skeletonOf("count_values")
	listSkeleton        = skeletonOf("list")
	linesSkeleton       = skeletonOf("lines")
	recordsSkeleton     = skeletonOf("records")
	recoverySkeleton    = skeletonOf("recovery")
	recoveriesSkeleton  = skeletonOf("recoveries")
	repeatsSkeleton     = skeletonOf("repeats")
)

// skeleton is the SQL of a file of this package with named slots: a comment such as /* order */ is one.
type skeleton struct {
	name string
	// texts are what stands before, between and behind the slots.
	texts, slots []string
}

// skeletonOf reads a file, without its comments and indentation.
func skeletonOf(name string) skeleton {
	content, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // the file is part of the program
	}
	var lines []string
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "--") {
			lines = append(lines, line)
		}
	}
	one := skeleton{name: name}
	rest := strings.Join(lines, "\n")
	for {
		text, behind, found := strings.Cut(rest, "/* ")
		one.texts = append(one.texts, text)
		if !found {
			return one
		}
		slot, after, closed := strings.Cut(behind, " */")
		if !closed {
			panic("plan: a slot of " + name + ".sql has no end")
		}
		one.slots, rest = append(one.slots, slot), after
	}
}

// fill puts texts into the slots of their names. A slot without a text is a mistake in the program.
func (s skeleton) fill(texts map[string]string) string {
	size := 0
	for _, text := range s.texts {
		size += len(text)
	}
	for _, slot := range s.slots {
		text, found := texts[slot]
		if !found {
			panic("plan: nothing for the slot " + slot + " of " + s.name + ".sql")
		}
		size += len(text)
	}
	var filled strings.Builder
	filled.Grow(size)
	for i, slot := range s.slots {
		filled.WriteString(s.texts[i])
		filled.WriteString(texts[slot])
	}
	filled.WriteString(s.texts[len(s.slots)])
	return filled.String()
}
