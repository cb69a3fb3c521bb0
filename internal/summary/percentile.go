package summary

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
)

// nearest is the least value that at least so many per cent of the values do not exceed, nil for none. The rank is the decimal
// number that was written: of a thousand values, 0.1 per cent is one.
func (d *Durations) nearest(percent float64) *int {
	if d.Count == 0 {
		return nil
	}
	rank, left := rankOf(percent, d.Count), 0
	for _, seconds := range slices.Sorted(maps.Keys(d.seconds)) {
		if left += d.seconds[seconds]; left >= rank {
			return &seconds
		}
	}
	return nil
}

// rankOf is the place, from 1 on, of the value that so many per cent of so many values do not exceed.
func rankOf(percent float64, count int) int {
	exact, ok := new(big.Rat).SetString(strconv.FormatFloat(percent, 'f', -1, 64))
	if !ok {
		return count
	}
	exact.Mul(exact, big.NewRat(int64(count), 100))
	rank, rest := new(big.Int).QuoRem(exact.Num(), exact.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		rank.Add(rank, big.NewInt(1))
	}
	return min(max(int(rank.Int64()), 1), count)
}
