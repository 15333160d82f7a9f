// Prints what the built client weighs, and fails when it outgrows its budget.
import { measureSizes } from './sizes.ts'

for (const [name, { kilobytes, limit, goal }] of Object.entries(measureSizes())) {
  const over = kilobytes > limit ? '  NOT MET' : kilobytes > goal ? '  over its goal' : ''
  console.log(
    `${name.padEnd(16)} ${kilobytes.toFixed(1).padStart(6)} kB, goal ${goal}, limit ${limit}${over}`,
  )
  if (kilobytes > limit) process.exitCode = 1
}
