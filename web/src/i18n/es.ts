import { first } from './es.first.ts'
import { files } from './es.files.ts'
import { later } from './es.later.ts'
import { join } from './sentences.ts'

export type { Who } from './es.first.ts'

/** Every sentence of the interface; the shape is the type that other languages must fill. */
export const es = join(first, { ...later, files })

export type Dictionary = typeof es
