/** Whether pictures come by themselves on this device. */

const KEY = 'pictures'
export type SaverChoice = 'auto' | 'always' | 'tap'

class Saver {
  #choice = $state<SaverChoice>(read())

  get choice(): SaverChoice {
    return this.#choice
  }

  /** Only what is tapped is fetched. */
  get on(): boolean {
    return this.#choice === 'tap' || (this.#choice === 'auto' && savesData())
  }

  choose(choice: SaverChoice): void {
    this.#choice = choice
    localStorage.setItem(KEY, choice)
  }
}

export const saver = new Saver()

function read(): SaverChoice {
  const kept = localStorage.getItem(KEY)
  return kept === 'always' || kept === 'tap' ? kept : 'auto'
}

function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true
}
