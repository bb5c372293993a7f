import type { Route } from '../route.ts'
import { batchRoutes } from './batches.ts'
import { fileRoutes } from './files.ts'
import { messageBatchRoutes } from './message-batches.ts'
import { modelListRoutes } from './models.ts'
import { moderationRoutes } from './moderations.ts'

/** Every built-in route that is not a model call. */
export const serviceRoutes: readonly Route[] = [
  ...modelListRoutes,
  ...fileRoutes,
  ...messageBatchRoutes,
  ...batchRoutes,
  ...moderationRoutes,
]
