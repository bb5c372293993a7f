/** Random numbers that a seed repeats. */
export interface SeededRandom {
  /** 0 up to 1, 1 excluded, of 32 random bits. */
  (): number
  /** 32 random bits as an integer. */
  bits(): number
}

/**
 * The generator sfc32 of C. Doty-Humphrey (PractRand), seeded with a whole number: equal on every machine, so that reports
 * can be repeated. Not for secrets.
 */
export function seededRandom(seed: number): SeededRandom {
  let [a, b, c, counter] = [0x9e37_79b9, 0x243f_6a88, seed | 0, 1]
  const bits = (): number => {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + result
    return result
  }
  // The first numbers still show the seed.
  for (let round = 0; round < 15; round += 1) bits()
  return Object.assign(() => (bits() >>> 0) / 2 ** 32, { bits })
}
