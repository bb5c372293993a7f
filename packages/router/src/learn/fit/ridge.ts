/** Sparse rows, one after the other. */
export interface SparseRows {
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
  readonly width: number
}

/** Rows without the columns whose factor is 0; the others multiplied by it. */
export function scaled(rows: SparseRows, factors: Float64Array): SparseRows {
  const starts = new Int32Array(rows.starts.length)
  const columns = new Int32Array(rows.columns.length)
  const values = new Float64Array(rows.columns.length)
  let end = 0
  for (let row = 0; row + 1 < starts.length; row += 1) {
    for (let at = rows.starts[row] as number; at < (rows.starts[row + 1] as number); at += 1) {
      const column = rows.columns[at] as number
      const factor = factors[column] as number
      if (factor === 0) continue
      columns[end] = column
      values[end] = (rows.values[at] as number) * factor
      end += 1
    }
    starts[row + 1] = end
  }
  return { starts, columns: columns.slice(0, end), values: values.slice(0, end), width: rows.width }
}

/**
 * Ridge regression by conjugate gradients on the dual: the weights `w` that minimise ‖Xw − y‖² + λ‖w‖², `targets` being
 * centred by the caller. `dual` is where to start from and receives the solution, so that a path of λ costs little more
 * than one of them.
 */
export function solveRidge(rows: SparseRows, targets: Float64Array, lambda: number, dual: Float64Array): Float64Array {
  const count = targets.length
  const wide = new Float64Array(rows.width)
  const product = new Float64Array(count)
  apply(rows, dual, lambda, wide, product)
  const residual = targets.map((target, row) => target - (product[row] as number))
  const direction = residual.slice()
  let size = dot(residual, residual)
  const enough = tolerance ** 2 * dot(targets, targets)
  for (let step = 0; step < maxSteps && size > enough; step += 1) {
    apply(rows, direction, lambda, wide, product)
    const along = size / dot(direction, product)
    for (let row = 0; row < count; row += 1) {
      dual[row] = (dual[row] as number) + along * (direction[row] as number)
      residual[row] = (residual[row] as number) - along * (product[row] as number)
    }
    const next = dot(residual, residual)
    const keep = next / size
    for (let row = 0; row < count; row += 1)
      direction[row] = (residual[row] as number) + keep * (direction[row] as number)
    size = next
  }
  wide.fill(0)
  spread(rows, dual, wide)
  return wide
}

/** Relative size of the residual: far below the noise of any score. */
const tolerance = 1e-3
const maxSteps = 200

/** product = (X Xᵀ + λ) vector. */
function apply(
  rows: SparseRows,
  vector: Float64Array,
  lambda: number,
  wide: Float64Array,
  product: Float64Array,
): void {
  wide.fill(0)
  spread(rows, vector, wide)
  for (let row = 0; row < vector.length; row += 1)
    product[row] = rowDot(rows, row, wide) + lambda * (vector[row] as number)
}

function spread({ starts, columns, values }: SparseRows, vector: Float64Array, wide: Float64Array): void {
  for (let row = 0; row < vector.length; row += 1) {
    const factor = vector[row] as number
    const end = starts[row + 1] as number
    for (let at = starts[row] as number; at < end; at += 1) {
      const column = columns[at] as number
      wide[column] = (wide[column] as number) + factor * (values[at] as number)
    }
  }
}

/** The product of a row and a vector as wide as the rows. */
export function rowDot({ starts, columns, values }: SparseRows, row: number, wide: Float64Array): number {
  let sum = 0
  const end = starts[row + 1] as number
  for (let at = starts[row] as number; at < end; at += 1)
    sum += (values[at] as number) * (wide[columns[at] as number] as number)
  return sum
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index += 1) sum += (a[index] as number) * (b[index] as number)
  return sum
}
