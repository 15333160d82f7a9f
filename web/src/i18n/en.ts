import { first } from './en.first.ts'
import { later } from './en.later.ts'
import type { Dictionary } from './es.ts'
import { files } from './en.files.ts'

export const en: Dictionary = { ...first, ...later, files }
