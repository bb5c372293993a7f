/**
 * The pairing of rows and columns with the greatest total: for each row its column, or −1 where there are more rows than
 * columns. Takes time in the cube of the larger side.
 *
 * @see Kuhn: The Hungarian method for the assignment problem. Naval Research Logistics Quarterly 2 (1955); in the form with
 * shortest augmenting paths of Jonker and Volgenant (1987).
 */
export function bestPairing(gains: readonly (readonly number[])[]): readonly number[] {
  const size = Math.max(gains.length, ...gains.map((row) => row.length))
  const cost = (row: number, column: number): number => -(gains[row]?.[column] ?? 0)
  // Rows and columns are counted from 1; 0 is the row that is being placed.
  const rowPotential = new Float64Array(size + 1)
  const columnPotential = new Float64Array(size + 1)
  const rowOf = new Int32Array(size + 1)
  const from = new Int32Array(size + 1)
  for (let row = 1; row <= size; row += 1) {
    rowOf[0] = row
    const shortest = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY)
    const isDone = new Uint8Array(size + 1)
    let column = 0
    while (rowOf[column] !== 0) {
      isDone[column] = 1
      const current = rowOf[column] as number
      let step = Number.POSITIVE_INFINITY
      let next = 0
      for (let other = 1; other <= size; other += 1) {
        if (isDone[other]) continue
        const reduced =
          cost(current - 1, other - 1) - (rowPotential[current] as number) - (columnPotential[other] as number)
        if (reduced < (shortest[other] as number)) {
          shortest[other] = reduced
          from[other] = column
        }
        if ((shortest[other] as number) < step) {
          step = shortest[other] as number
          next = other
        }
      }
      for (let other = 0; other <= size; other += 1) {
        if (isDone[other]) {
          const placed = rowOf[other] as number
          rowPotential[placed] = (rowPotential[placed] as number) + step
          columnPotential[other] = (columnPotential[other] as number) - step
        } else shortest[other] = (shortest[other] as number) - step
      }
      column = next
    }
    while (column !== 0) {
      const previous = from[column] as number
      rowOf[column] = rowOf[previous] as number
      column = previous
    }
  }
  const columns: number[] = gains.map(() => -1)
  for (let column = 1; column <= size; column += 1) {
    const row = (rowOf[column] as number) - 1
    if (row >= 0 && row < gains.length && column <= (gains[row]?.length ?? 0)) columns[row] = column - 1
  }
  return columns
}
