import { tick } from 'svelte'
import type { Place } from '../../store/contract.ts'
import { compareLists } from './change.ts'
import { expectedSizes } from './heights.ts'
import { onScreen, type Aim } from './landing.ts'
import { numberOf, seqOf, type Row } from './rows.ts'
import type { Sizes, VirtualHandle } from './virtual.ts'

/** What the one owner of the scroll position asks of the conversation. */
export interface ScrollHost {
  /** More messages exist on that side than are loaded. */
  more(side: Side): boolean
  load(side: Side): Promise<void>
  /** The person has this message number on screen. */
  seen(n: number): void
  /** Where the person was reading when the chat was left; null at its end. */
  place(): Place | null
  keep(place: Place | null): void
}

export type Side = 'before' | 'after'

/** Where the next list has to be shown: the first unread message or where it was left, one message, or the end. */
type Goal = { at: 'opening' } | { at: 'seq'; seq: number } | { at: 'end' }

const END_SLACK_PX = 32
const LOAD_AHEAD_PX = 1200
const DIVIDER_TOP_PX = 56
const GLOW_MS = 1300
const SETTLE_MS = 1000
/** Longest wait for a finger's scrolling to end before older messages are put above it. */
const REST_MS = 1500
/** What is laid out beyond the screen: little for the first paint, then so much that no row enters unmeasured. */
const BUFFER_FIRST_PX = 120
const BUFFER_PX = 1200
const BUFFER_AFTER_MS = 150
/** A jump is under way until nothing has moved for so long; what the list says of its place meanwhile is old. */
const STEER_MS = 200
const AIM_TRIES = 10
/** For so long after a jump the list itself jumps again with whatever is measured; told to, it would do it twice. */
const RIDE_MS = 140

/**
 * Owns the scroll position of one conversation: every change of its rows goes through here.
 *
 * It opens at the first unread message, else at the end; follows the end only while the person is there;
 * and keeps what is being read in its place when rows come or go on either side.
 */
export class TimelineScroll {
  shown = $state.raw<readonly Row[]>([])
  shift = $state(false)
  /** Rises when the virtual list has to start anew. */
  epoch = $state(0)
  atEnd = $state(true)
  topIndex = $state(0)
  glowing = $state<string | null>(null)
  positioned = $state(false)
  buffer = $state(BUFFER_FIRST_PX)
  /** What a new virtual list takes the rows for until it has measured them: which it mounts first. */
  sizes: Sizes = expectedSizes([])
  handle: VirtualHandle | undefined

  readonly #host: ScrollHost
  readonly #coarse: boolean
  #goal: Goal | null
  #settled = false
  #settleTimer: ReturnType<typeof setTimeout> | undefined
  #glowTimer: ReturnType<typeof setTimeout> | undefined
  #steerTimer: ReturnType<typeof setTimeout> | undefined
  #steering = false
  /** The last jump to the end: to which row, and until when the list repeats it by itself. */
  #ride = { index: -1, until: 0 }
  #bufferTimer: ReturnType<typeof setTimeout> | undefined
  #aim: Aim | null = null
  #wanted: readonly Row[] | null = null
  #running = false
  #scrolling = false
  #rested: (() => void) | null = null
  /** Only what is on screen is read, and only what is read has a place. */
  #active = true

  constructor(host: ScrollHost, seq: number | null, coarse: boolean) {
    this.#host = host
    this.#coarse = coarse
    this.#goal = seq === null ? { at: 'opening' } : { at: 'seq', seq }
  }

  /** Shown again: at the first unread message, else where it was left, unless a message is aimed at. */
  enter(seq: number | null): void {
    this.#active = true
    clearTimeout(this.#settleTimer)
    this.#settleTimer = undefined
    this.#settled = false
    this.#goal = seq === null ? { at: 'opening' } : { at: 'seq', seq }
    this.#reach()
    this.settleSoon()
    this.look()
  }

  /** Out of sight; what comes meanwhile is laid out and not read. */
  leave(): void {
    this.remember()
    this.#active = false
  }

  /** Where the person is reading, for the next visit. */
  remember(): void {
    const list = this.handle
    if (list === undefined || !this.#active || !this.positioned || this.#goal !== null) return
    this.#host.keep(this.atEnd ? null : this.#placeNow(list))
  }

  /** The rows are now these; shown as soon as the step before is on screen. */
  update(rows: readonly Row[]): void {
    this.#wanted = rows
    if (!this.#running) void this.#run()
  }

  /** The person scrolls: what was under way is given up. */
  seize(): void {
    this.#steering = false
    this.#aim = null
    this.settle()
  }

  /** Until then late unread messages still move the opening place; who does something there has seen it. */
  settle(): void {
    clearTimeout(this.#settleTimer)
    this.#settleTimer = undefined
    this.#settled = true
    this.#goal = null
  }

  /** The person does something with what is on screen: there it is, though the jump to it is not over. */
  act(): void {
    this.settle()
    if (!this.atEnd && this.#arrived()) this.#landed()
  }

  /** So soon after the first time that this is asked for: where messages never pause, it is asked for with each. */
  settleSoon(): void {
    if (this.#settled || this.#settleTimer !== undefined) return
    this.#settleTimer = setTimeout(() => {
      this.settle()
    }, SETTLE_MS)
  }

  /** Shows that message as soon as it is among the rows, and lets it glow. */
  aim(seq: number): void {
    this.#goal = { at: 'seq', seq }
    this.#reach()
  }

  aimAtEnd(): void {
    this.settle()
    // Whoever is there is kept there. Asked for now, the browser would lay out everything before the row that comes.
    if (this.#follows()) return
    this.#goal = { at: 'end' }
    this.#reach()
  }

  forgetAim(): void {
    this.#goal = null
  }

  dispose(): void {
    clearTimeout(this.#settleTimer)
    clearTimeout(this.#glowTimer)
    clearTimeout(this.#steerTimer)
    clearTimeout(this.#bufferTimer)
    this.#rested?.()
  }

  onscroll(): void {
    this.#scrolling = true
    if (this.#steering) this.#steer()
    else this.look()
  }

  onscrollend(): void {
    this.#scrolling = false
    this.#rested?.()
    this.look()
    this.remember()
  }

  /** A row or the window became taller or smaller: who was at the end stays there. */
  onresize(): void {
    if (this.shown.length > 0 && this.#follows()) this.#stayAtEnd()
    this.look()
  }

  /** Takes note of what is on screen, and loads more where an edge is near. */
  look(): void {
    const list = this.handle
    if (list === undefined || this.shown.length === 0 || !this.positioned) return
    const offset = list.getScrollOffset()
    const left = list.getScrollSize() - list.getViewportSize() - offset
    if (!this.#steering) this.atEnd = left <= END_SLACK_PX
    this.topIndex = list.findItemIndex(Math.max(0, offset + 8))
    if (this.#reads()) this.#tellSeen(list.findItemIndex(offset + list.getViewportSize() - 16))
    if (offset < LOAD_AHEAD_PX) this.#load('before')
    if (left < LOAD_AHEAD_PX) this.#load('after')
  }

  /** Scrolls so far that the row is whole on screen. */
  reveal(index: number): void {
    this.handle?.scrollToIndex(index, { align: 'nearest' })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#wanted !== null) {
      const next = this.#wanted
      this.#wanted = null
      await this.#apply(next)
    }
    this.#running = false
  }

  async #apply(next: readonly Row[]): Promise<void> {
    const change = compareLists(this.shown, next)
    if (change.kind === 'replaced') {
      await this.#restart(next)
      return
    }
    // Asked to go to the end now, the browser would lay out what is not measured yet, and again when it is.
    if (this.#follows()) this.#steer()
    if (change.kind === 'head') {
      await this.#rest()
      this.shift = true
      this.shown = change.between
      await tick()
      this.shift = false
    }
    this.shown = next
    await tick()
    if (this.#goal !== null) this.#reach()
    this.look()
  }

  async #restart(next: readonly Row[]): Promise<void> {
    this.sizes = expectedSizes(next)
    this.shown = next
    this.epoch += 1
    this.buffer = BUFFER_FIRST_PX
    if (next.length === 0) return
    await tick()
    // Before the list has measured its place: then the first rows that it mounts are those that are read.
    if (this.#goal === null) this.#beginAnew(next)
    this.positioned = true
    this.#reach()
    await nextFrame()
    this.look()
    clearTimeout(this.#bufferTimer)
    this.#bufferTimer = setTimeout(() => (this.buffer = BUFFER_PX), BUFFER_AFTER_MS)
  }

  /** A window that is another one begins like a visit where something in it is unread. */
  #beginAnew(rows: readonly Row[]): void {
    const unread = rows.some(({ type }) => type === 'unread')
    this.#goal = { at: unread ? 'opening' : 'end' }
    this.#settled = !unread
    this.settleSoon()
  }

  /** Goes to the goal if its row is there. The opening stays a goal until the conversation has settled. */
  #reach(): void {
    const goal = this.#goal
    if (goal === null || !this.positioned) return
    if (goal.at === 'seq') this.#reachMessage(goal.seq)
    else if (goal.at === 'opening') this.#reachOpening()
    else if (!this.#host.more('after')) {
      this.#toEnd()
      this.#goal = null
    }
  }

  #reachMessage(seq: number): void {
    const index = this.shown.findIndex((row) => seqOf(row) === seq)
    const row = this.shown[index]
    if (row === undefined) return
    this.settle()
    this.atEnd = false
    this.#go({ key: row.key, align: 'center', offset: 0, tries: 0 })
    this.#glow(row.key)
  }

  #reachOpening(): void {
    const unread = this.shown.find((row) => row.type === 'unread')
    this.#steer()
    if (unread !== undefined) {
      this.atEnd = false
      this.#go({ key: unread.key, align: 'start', offset: -DIVIDER_TOP_PX, tries: 0 })
    } else if (!this.#reachPlace()) this.#toEnd()
  }

  /** False when it was left at its end, or the place is not among the rows. */
  #reachPlace(): boolean {
    const place = this.#host.place()
    const row = this.shown.find((each) => seqOf(each) === place?.seq)
    if (place === null || row === undefined) return false
    this.atEnd = false
    this.#go({ key: row.key, align: 'start', offset: -place.offset, tries: 0 })
    return true
  }

  /** The first message whose beginning is on screen. */
  #placeNow(list: VirtualHandle): Place | null {
    const offset = list.getScrollOffset()
    for (let index = list.findItemIndex(offset); index < this.shown.length; index += 1) {
      const row = this.shown[index]
      const seq = row === undefined ? null : seqOf(row)
      const below = list.getItemOffset(index) - offset
      if (seq !== null && (below >= 0 || index === this.shown.length - 1))
        return { seq, offset: Math.round(below) }
    }
    return null
  }

  #steer(): void {
    clearTimeout(this.#steerTimer)
    this.#steering = true
    const timer = setTimeout(() => void this.#land(timer), STEER_MS)
    this.#steerTimer = timer
  }

  #go(aim: Aim): void {
    this.#aim = aim
    this.#steer()
    const index = this.shown.findIndex((row) => row.key === aim.key)
    if (index !== -1) this.handle?.scrollToIndex(index, { align: aim.align, offset: aim.offset })
  }

  /** The list gives up a jump when no row was measured for 150 ms; a slow phone takes longer for one. */
  async #land(timer: ReturnType<typeof setTimeout>): Promise<void> {
    // Rows are measured once in each frame.
    await nextFrame()
    await nextFrame()
    const aim = this.#aim
    if (!this.#steering || this.#steerTimer !== timer) return
    if (aim !== null && aim.tries < AIM_TRIES && !this.#arrived()) this.#go({ ...aim, tries: aim.tries + 1 })
    else this.#landed()
  }

  #arrived(): boolean {
    const [aim, list] = [this.#aim, this.handle]
    return aim === null || list === undefined || onScreen(list, this.shown, aim.key)
  }

  #landed(): void {
    this.#aim = null
    this.#steering = false
    this.look()
  }

  #toEnd(): void {
    this.atEnd = true
    this.#aim = null
    this.#steer()
    const index = this.shown.length - 1
    this.#ride = { index, until: performance.now() + RIDE_MS }
    this.handle?.scrollToIndex(index, { align: 'end' })
  }

  #stayAtEnd(): void {
    const now = performance.now()
    const rides = this.#ride.index === this.shown.length - 1 && now < this.#ride.until
    if (!rides) this.#toEnd()
    else {
      this.#ride.until = now + RIDE_MS
      this.#steer()
    }
  }

  #follows(): boolean {
    return this.atEnd && this.#goal?.at !== 'seq' && !this.#openAtDivider() && !this.#host.more('after')
  }

  #openAtDivider(): boolean {
    if (this.#goal?.at !== 'opening') return false
    return this.#host.place() !== null || this.shown.some((row) => row.type === 'unread')
  }

  #load(side: Side): void {
    if (this.#host.more(side)) void this.#host.load(side)
  }

  /** While a message is on its way that somebody wants to see, nothing else is read. */
  #reads(): boolean {
    return this.#active && !this.#steering && this.#goal?.at !== 'seq'
  }

  #tellSeen(index: number): void {
    for (let at = Math.min(index, this.shown.length - 1); at >= 0; at -= 1) {
      const n = numberOf(this.shown[at])
      if (n === null) continue
      this.#host.seen(n)
      return
    }
  }

  /** On a touch screen rows put above a moving finger make it jump, so they wait for the end of the movement. */
  async #rest(): Promise<void> {
    if (!this.#coarse || !this.#scrolling) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, REST_MS)
      this.#rested = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#rested = null
  }

  #glow(key: string): void {
    clearTimeout(this.#glowTimer)
    this.glowing = key
    this.#glowTimer = setTimeout(() => {
      this.glowing = null
    }, GLOW_MS)
  }
}

function nextFrame(): Promise<number> {
  return new Promise(requestAnimationFrame)
}
