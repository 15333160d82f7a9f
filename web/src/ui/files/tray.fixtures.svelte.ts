/** What stands in a composer, as the store has it. */
import type { Draft } from '../../store/contract.ts'
import type { LocalFile } from '../../store/state.ts'

export class TrayDraft {
  draft = $state.raw<Draft>({ text: '', reply_to: null, editing: null })

  constructor(files: readonly LocalFile[]) {
    this.draft = { ...this.draft, files }
  }
}
