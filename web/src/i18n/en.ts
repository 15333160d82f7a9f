import { files } from './en.files.ts'
import { first } from './en.first.ts'
import { later } from './en.later.ts'
import type { Dictionary } from './es.ts'
import { join } from './sentences.ts'

export const en: Dictionary = join(first, { ...later, files })
