// Package summary counts contacts: how many, what came of them, how long clients waited, in all and by group. What a filter
// means, and what its viewer sees, is the report's; a summary adds up the cells that the report reads, all of one moment.
package summary
