import { build } from '../../tooling/build.ts'

export default build()
