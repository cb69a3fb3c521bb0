package gsm

import "math"

// add adds, and stays at the largest or smallest number where the sum would not fit.
func add(a, b int16) int16 { return saturate(int32(a) + int32(b)) }

// subtract subtracts, and stays at the largest or smallest number where the difference would not fit.
func subtract(a, b int16) int16 { return saturate(int32(a) - int32(b)) }

// multiply multiplies fractions of 2^15, rounded.
func multiply(a, b int16) int16 { return saturate((int32(a)*int32(b) + 1<<14) >> 15) }

func saturate(n int32) int16 { return int16(min(max(n, math.MinInt16), math.MaxInt16)) }
