package sample

import "math/bits"

// random is a stream of numbers that depends on its seeds alone (SplitMix64). It is our own because the standard library
// does not promise that its methods draw the same numbers in every release, and half of them draw on floats.
type random struct{ state uint64 }

const golden = 0x9e3779b97f4a7c15

// mix makes one well-spread number of several seeds.
func mix(seeds ...uint64) uint64 {
	var h uint64
	for _, seed := range seeds {
		h = scramble(h + golden + seed)
	}
	return h
}

func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// randomOf is the stream of the seeds.
func randomOf(seeds ...uint64) random { return random{mix(seeds...)} }

func (r *random) next() uint64 {
	r.state += golden
	return scramble(r.state)
}

// below draws 0, 1, … n-1.
func (r *random) below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// between draws from low to high, both included.
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// chance is true so many times in a thousand.
func (r *random) chance(perMille int) bool { return r.below(1000) < perMille }

// lowest draws 0, 1, … n-1, the low ones more often: a quarter of the draws fall on the first sixteenth.
func (r *random) lowest(n int) int {
	u := r.next() >> 32
	high, _ := bits.Mul64(u*u, uint64(n))
	return int(high)
}

// oneOf draws an element.
func oneOf[T any](r *random, list []T) T { return list[r.below(len(list))] }

// wheel draws indexes by weight; it holds the running sums.
type wheel []int

func wheelOf(weights ...int) wheel {
	w := make(wheel, len(weights))
	sum := 0
	for i, weight := range weights {
		sum += weight
		w[i] = sum
	}
	return w
}

// zipf is a wheel on which the first of n has the most weight, by the law of the harmonic series; a greater flatness
// makes the first ones more alike.
func zipf(n, flatness int) wheel {
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 1_000_000 / (i + 1 + flatness)
	}
	return wheelOf(weights...)
}

func (w wheel) draw(r *random) int {
	at := r.below(w[len(w)-1])
	low, high := 0, len(w)-1
	for low < high {
		middle := (low + high) / 2
		if at < w[middle] {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// spread is a distribution given by evenly spaced quantiles, least and greatest included.
type spread []int

func (s spread) draw(r *random) int {
	at := r.below((len(s) - 1) << 16)
	i, fraction := at>>16, at&0xffff
	return s[i] + (s[i+1]-s[i])*fraction>>16
}

// mulDiv is a*b/c without overflow in between; it must be below 2^64.
func mulDiv(a, b, c uint64) uint64 {
	if c == 0 {
		return 0
	}
	high, low := bits.Mul64(a, b)
	quotient, _ := bits.Div64(high, low, c)
	return quotient
}

// Salts keep streams with the same numbers apart.
const (
	saltDay = iota + 1
	saltHour
	saltNow
	saltRecord
	saltStranger
	saltTicket
	saltAgent
	saltBeside
)
