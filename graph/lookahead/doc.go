// Package lookahead says beforehand what a field selects, so that all of it is read at once.
package lookahead
