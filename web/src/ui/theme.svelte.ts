export type ThemeChoice = 'system' | 'light' | 'dark'
export type TextSize = '90' | '100' | '115' | '130' | '150'
export type Density = 'comfortable' | 'compact'

/** Everything about how the application looks in this browser; each has a value that is stored only when it is another. */
export interface Look {
  theme: ThemeChoice
  contrast: 'system' | 'more'
  text: TextSize
  density: Density
  motion: 'system' | 'less'
}

const CHOICES: { [Name in keyof Look]: readonly Look[Name][] } = {
  theme: ['system', 'light', 'dark'],
  contrast: ['system', 'more'],
  text: ['100', '90', '115', '130', '150'],
  density: ['comfortable', 'compact'],
  motion: ['system', 'less'],
}
const PLAIN: Look = {
  theme: 'system',
  contrast: 'system',
  text: '100',
  density: 'comfortable',
  motion: 'system',
}
/** The colour of the browser's own frame around the page. */
const FRAME = { light: '#FFFFFF', dark: '#161615' }

/** The look as this browser chose; `system` follows the device. */
export class Theme {
  #look = $state.raw<Look>(PLAIN)
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  get look(): Look {
    return this.#look
  }

  start(): void {
    this.#apply({
      theme: this.#kept('theme'),
      contrast: this.#kept('contrast'),
      text: this.#kept('text'),
      density: this.#kept('density'),
      motion: this.#kept('motion'),
    })
  }

  choose<Name extends keyof Look>(name: Name, value: Look[Name]): void {
    if (value === PLAIN[name]) this.#storage.removeItem(name)
    else this.#storage.setItem(name, value)
    this.#apply({ ...this.#look, [name]: value })
  }

  #kept<Name extends keyof Look>(name: Name): Look[Name] {
    const kept = this.#storage.getItem(name)
    return CHOICES[name].find((value) => value === kept) ?? PLAIN[name]
  }

  #apply(look: Look): void {
    const root = document.documentElement
    root.classList.toggle('light', look.theme === 'light')
    root.classList.toggle('dark', look.theme === 'dark')
    root.classList.toggle('contrast', look.contrast === 'more')
    root.classList.toggle('compact', look.density === 'compact')
    root.classList.toggle('still', look.motion === 'less')
    root.style.fontSize = look.text === '100' ? '' : `${look.text}%`
    frame(look.theme)
    this.#look = look
  }
}

function frame(theme: ThemeChoice): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light'
    meta.content = FRAME[theme === 'system' ? own : theme]
  }
}
